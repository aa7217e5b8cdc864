/// What is wrong with a schedule, in the words of the parser that upstream has.
package struct CronFault: Error, Equatable {
    package let cause: String

    package init(cause: String) { self.cause = cause }
}

/// A schedule in the notation of cron, read as upstream reads it (github.com/robfig/cron/v3 parser.go): five fields with
/// numbers, names, ranges and steps, or a descriptor such as `@daily` or `@every 90m`.
package struct CronSchedule: Sendable, Equatable {
    /// The numbers that a field allows.
    package struct Field: Sendable, Equatable {
        /// Bit `n` for the number `n`.
        package fileprivate(set) var bits: UInt64 = 0
        /// `*` or `?` without a step: of the two fields for days, such a one does not restrict the other.
        package fileprivate(set) var isStar = false

        package func contains(_ number: Int64) -> Bool { bits >> UInt64(number) & 1 == 1 }
    }

    /// The fields of a schedule by the calendar.
    package struct Times: Sendable, Equatable {
        package let minutes, hours, days, months, weekdays: Field
    }

    /// When it is time.
    package enum Form: Sendable, Equatable {
        /// At the times that the fields allow.
        case times(Times)
        /// So many seconds after the last time.
        case every(seconds: Int64)
    }

    package let form: Form
    /// The time zone that the schedule itself names, which is only accepted of older objects.
    package let zone: String?

    /// - Throws: what is wrong.
    package init(_ schedule: String) throws(CronFault) {
        var text = schedule[...]
        var zone: String?
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            zone = String(text.drop { $0 != "=" }.dropFirst().prefix { $0 != " " })
            text = text.drop { $0 != " " }.drop { $0 == " " }
        }
        self.zone = zone
        if text.isEmpty { throw CronFault(cause: "empty spec string") }
        form = text.hasPrefix("@") ? try Self.descriptor(String(text)) : try Self.times(text)
    }

    // MARK: - Descriptors

    private static func descriptor(_ text: String) throws(CronFault) -> Form {
        let fields =
            switch text {
            case "@yearly", "@annually": "0 0 1 1 *"
            case "@monthly": "0 0 1 * *"
            case "@weekly": "0 0 * * 0"
            case "@daily", "@midnight": "0 0 * * *"
            case "@hourly": "0 * * * *"
            default: ""
            }
        if !fields.isEmpty { return try times(fields[...]) }
        let every = "@every "
        guard text.hasPrefix(every) else { throw CronFault(cause: "unrecognized descriptor: \(text)") }
        do throws(CronFault) {
            let nanoseconds = try GoDuration.nanoseconds(String(text.dropFirst(every.count)))
            return .every(seconds: max(1, Int64(nanoseconds / 1_000_000_000)))
        } catch {
            throw CronFault(cause: "failed to parse duration \(text): \(error.cause)")
        }
    }

    // MARK: - Fields

    private struct Kind {
        let range: ClosedRange<Int>
        var names: [String] = []
    }

    private static let kinds = [
        Kind(range: 0...59), Kind(range: 0...23), Kind(range: 1...31),
        Kind(
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Kind(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private static func times(_ text: Substring) throws(CronFault) -> Form {
        let words = text.split(whereSeparator: \.isWhitespace)
        if words.count != 5 {
            throw CronFault(
                cause: "expected exactly 5 fields, found \(words.count): [\(words.joined(separator: " "))]")
        }
        var fields: [Field] = []
        for (word, kind) in zip(words, kinds) {
            var field = Field()
            for part in word.split(separator: ",") { try add(String(part), kind, to: &field) }
            fields.append(field)
        }
        return .times(
            Times(minutes: fields[0], hours: fields[1], days: fields[2], months: fields[3], weekdays: fields[4]))
    }

    /// Adds one range of a field: `*`, `5`, `1-5`, `*/2`, `mon-fri/2`.
    private static func add(_ part: String, _ kind: Kind, to field: inout Field) throws(CronFault) {
        let rangeAndStep = part.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        let ends = rangeAndStep[0].split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
        var (start, end, step) = (kind.range.lowerBound, kind.range.upperBound, 1)
        let isStar = ends[0] == "*" || ends[0] == "?"
        if !isStar {
            start = try number(ends[0], kind)
            if ends.count > 2 { throw CronFault(cause: "too many hyphens: \(part)") }
            end = ends.count == 2 ? try number(ends[1], kind) : start
        }
        if rangeAndStep.count > 2 { throw CronFault(cause: "too many slashes: \(part)") }
        if rangeAndStep.count == 2 {
            step = try number(rangeAndStep[1], Kind(range: 0...0))
            if ends.count == 1 { end = kind.range.upperBound }
        }
        if start < kind.range.lowerBound {
            throw CronFault(
                cause: "beginning of range (\(start)) below minimum (\(kind.range.lowerBound)): \(part)")
        }
        if end > kind.range.upperBound {
            throw CronFault(cause: "end of range (\(end)) above maximum (\(kind.range.upperBound)): \(part)")
        }
        if start > end {
            throw CronFault(cause: "beginning of range (\(start)) beyond end of range (\(end)): \(part)")
        }
        if step == 0 { throw CronFault(cause: "step of range should be a positive number: \(part)") }
        if isStar, step == 1 { field.isStar = true }
        for number in stride(from: start, through: end, by: step) { field.bits |= 1 << UInt64(number) }
    }

    private static func number(_ word: String, _ kind: Kind) throws(CronFault) -> Int {
        if let place = kind.names.firstIndex(of: word.lowercased()) { return kind.range.lowerBound + place }
        guard let number = Int(word) else {
            throw CronFault(
                cause: "failed to parse int from \(word): strconv.Atoi: parsing \"\(word)\": invalid syntax")
        }
        if number < 0 { throw CronFault(cause: "negative number (\(number)) not allowed: \(word)") }
        return number
    }
}

/// Lengths of time as Go writes them: `1h30m`, `1.5s`.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("\u{b5}s", 1e3), ("\u{3bc}s", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10),
        ("h", 3.6e12),
    ]
    /// What Go's `time.Duration` holds.
    private static let limit = 9.2e18

    /// - Throws: what Go's `time.ParseDuration` says.
    static func nanoseconds(_ text: String) throws(CronFault) -> Double {
        let invalid = CronFault(cause: "time: invalid duration \"\(text)\"")
        var rest = text[...]
        let sign: Double = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        if rest.isEmpty { throw invalid }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard digits.contains(where: \.isNumber), let number = Double(digits) else { throw invalid }
            rest = rest.dropFirst(digits.count)
            let unit = String(rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) })
            if unit.isEmpty { throw CronFault(cause: "time: missing unit in duration \"\(text)\"") }
            guard let known = units.first(where: { $0.name == unit }) else {
                throw CronFault(cause: "time: unknown unit \"\(unit)\" in duration \"\(text)\"")
            }
            rest = rest.dropFirst(unit.count)
            total += number * known.nanoseconds
            if total > limit { throw invalid }
        }
        return sign * total
    }
}

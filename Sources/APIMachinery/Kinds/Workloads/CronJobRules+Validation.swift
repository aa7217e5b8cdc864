import KubeAPI

/// `ValidateCronJobCreate`, `ValidateCronJobUpdate` (pkg/apis/batch/validation). Whether there is a time zone of a name is
/// for the controller to find out.
extension CronJobRules {
    private static let nameLimit = 52

    static func failures(_ job: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(job, old, NameSyntax.dns1123Subdomain)
        let spec = job.spec
        failures += scheduleFailures(spec, old?.spec)
        failures.checkNotNegative("spec.startingDeadlineSeconds", spec.field("startingDeadlineSeconds")?.integer)
        if spec["timeZone"] != old?.spec["timeZone"] { failures += zoneFailures(spec) }
        if spec.text("concurrencyPolicy").isEmpty {
            failures.append(.required("spec.concurrencyPolicy"))
        } else {
            failures.check(
                "spec.concurrencyPolicy", spec.text("concurrencyPolicy"), isOneOf: ["Allow", "Forbid", "Replace"])
        }
        let template = spec.part("jobTemplate").part("spec")
        failures += JobRules.specFailures(template, "spec.jobTemplate.spec")
        if let selector = template.field("selector") {
            failures.append(
                .invalid("spec.jobTemplate.spec.selector", selector, "`selector` will be auto-generated"))
        }
        if template.flag("manualSelector") {
            failures.append(.unsupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]))
        }
        for key in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            failures.checkNotNegative("spec.\(key)", spec.field(key)?.integer)
        }
        // Eleven characters are added for each job.
        if old == nil, job.name.utf8.count > nameLimit {
            failures.append(.invalid("metadata.name", .string(job.name), "must be no more than 52 characters"))
        }
        return failures
    }

    private static func scheduleFailures(_ spec: JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        let path = "spec.schedule"
        let text = spec.text("schedule")
        guard !text.isEmpty else { return [.required(path)] }
        var failures: [FieldFailure] = []
        if let cause = CronSyntax.fault(in: text) { failures.append(.invalid(path, .string(text), cause)) }
        guard text.contains("TZ") else { return failures }
        if old?.text("schedule").contains("TZ") != true {
            failures.append(
                .invalid(
                    path, .string(text), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
        } else if spec.has("timeZone") {
            failures.append(
                .invalid(path, .string(text), "cannot use both timeZone field and TZ or CRON_TZ in schedule"))
        }
        return failures
    }

    private static func zoneFailures(_ spec: JSONValue) -> [FieldFailure] {
        guard let zone = spec.field("timeZone")?.string else { return [] }
        let path = "spec.timeZone"
        if zone.isEmpty { return [.invalid(path, "", "timeZone must be nil or non-empty string")] }
        let isName = zone.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            part != "." && part != ".." && !part.hasPrefix("-") && (1...14).contains(part.utf8.count)
                && part.utf8.allSatisfy { $0.isAlphanumeric || ".-_+".utf8.contains($0) }
        }
        if !isName { return [.invalid(path, .string(zone), "unknown time zone \(zone)")] }
        guard zone.lowercased() == "local" else { return [] }
        return [
            .invalid(
                path, .string(zone),
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        ]
    }
}

/// Schedules in the notation of cron, and what is wrong with them, in the words of the parser that upstream has
/// (github.com/robfig/cron/v3 parser.go).
enum CronSyntax {
    private struct Field {
        let range: ClosedRange<Int>
        var names: [String] = []
    }

    private static let fields = [
        Field(range: 0...59), Field(range: 0...23), Field(range: 1...31),
        Field(
            range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        Field(range: 0...6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]
    private static let descriptors = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    /// Nil for a good schedule.
    static func fault(in schedule: String) -> String? {
        var text = schedule[...]
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            text = text.drop { $0 != " " }.drop { $0 == " " }
        }
        if text.isEmpty { return "empty spec string" }
        if text.hasPrefix("@") {
            return descriptors.contains(String(text)) || text.hasPrefix("@every ")
                ? nil : "unrecognized descriptor: \(text)"
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        if words.count != 5 {
            return "expected exactly 5 fields, found \(words.count): [\(words.joined(separator: " "))]"
        }
        for (word, field) in zip(words, fields) {
            for part in word.split(separator: ",") {
                if let fault = fault(in: String(part), field) { return fault }
            }
        }
        return nil
    }

    private static func fault(in part: String, _ field: Field) -> String? {
        let rangeAndStep = part.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        let ends = rangeAndStep[0].split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
        var (start, end, step) = (field.range.lowerBound, field.range.upperBound, 1)
        if ends[0] != "*", ends[0] != "?" {
            switch number(ends[0], field) {
            case .success(let number): start = number
            case .failure(let fault): return fault.text
            }
            end = start
            if ends.count > 2 { return "too many hyphens: \(part)" }
            if ends.count == 2 {
                switch number(ends[1], field) {
                case .success(let number): end = number
                case .failure(let fault): return fault.text
                }
            }
        }
        if rangeAndStep.count > 2 { return "too many slashes: \(part)" }
        if rangeAndStep.count == 2 {
            switch number(rangeAndStep[1], Field(range: 0...0)) {
            case .success(let number): step = number
            case .failure(let fault): return fault.text
            }
            if ends.count == 1 { end = field.range.upperBound }
        }
        if start < field.range.lowerBound {
            return "beginning of range (\(start)) below minimum (\(field.range.lowerBound)): \(part)"
        }
        if end > field.range.upperBound {
            return "end of range (\(end)) above maximum (\(field.range.upperBound)): \(part)"
        }
        if start > end { return "beginning of range (\(start)) beyond end of range (\(end)): \(part)" }
        return step == 0 ? "step of range should be a positive number: \(part)" : nil
    }

    private struct Fault: Error { let text: String }

    private static func number(_ word: String, _ field: Field) -> Result<Int, Fault> {
        if let place = field.names.firstIndex(of: word.lowercased()) { return .success(field.range.lowerBound + place) }
        guard let number = Int(word) else {
            return .failure(
                Fault(text: "failed to parse int from \(word): strconv.Atoi: parsing \"\(word)\": invalid syntax"))
        }
        return number < 0
            ? .failure(Fault(text: "negative number (\(number)) not allowed: \(word)")) : .success(number)
    }
}

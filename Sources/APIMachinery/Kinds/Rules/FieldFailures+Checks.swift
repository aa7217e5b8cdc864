import KubeAPI

/// Rules are functions that append what they find, in upstream's order.
extension [FieldFailure] {
    /// The value is at fault, once for each cause.
    mutating func check(_ path: String, _ value: JSONValue, _ causes: [String]) {
        for cause in causes { append(.invalid(path, value, cause)) }
    }

    mutating func check(_ path: String, _ text: String, _ rule: NameSyntax.Rule) {
        check(path, .string(text), rule(text))
    }

    mutating func check(_ path: String, _ number: Int, in range: ClosedRange<Int>) {
        check(path, JSONValue(number), NameSyntax.range(number, range))
    }

    mutating func checkPort(_ path: String, _ number: Int) { check(path, number, in: 1...65535) }

    mutating func checkNotNegative(_ path: String, _ number: Int?) {
        guard let number, number < 0 else { return }
        append(.invalid(path, JSONValue(number), "must be greater than or equal to 0"))
    }

    /// The value is one of those that are known, which are told in their order.
    mutating func check(_ path: String, _ text: String, isOneOf supported: [String]) {
        if !supported.contains(text) { append(.unsupported(path, .string(text), supported)) }
    }

    mutating func require(_ path: String, _ text: String, _ detail: String = "") {
        if text.isEmpty { append(.required(path, detail)) }
    }

    /// The field says what it said before.
    mutating func checkUnchanged(
        _ path: String, _ value: JSONValue?, _ old: JSONValue?, _ detail: String = "field is immutable"
    ) {
        guard !(value ?? .null).says(theSameAs: old) else { return }
        append(.invalid(path, value ?? .null, detail))
    }
}

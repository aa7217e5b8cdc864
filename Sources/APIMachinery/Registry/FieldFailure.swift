import KubeAPI

/// A field that breaks a rule, worded as the API server words it (k8s.io/apimachinery util/validation/field/errors.go).
package struct FieldFailure: Equatable, Sendable, CustomStringConvertible {
    /// `spec.ports[0].port`.
    package let path: String
    /// "Invalid value: 0: must be between 1 and 65535, inclusive".
    package let text: String
    /// `FieldValueInvalid`, …: the reason of the cause in the Status.
    package let reason: String

    private init(_ path: String, _ text: String, reason: String) {
        self.path = path
        self.text = text
        self.reason = reason
    }

    package static func required(_ path: String, _ detail: String = "") -> FieldFailure {
        FieldFailure(
            path, detail.isEmpty ? "Required value" : "Required value: \(detail)", reason: "FieldValueRequired")
    }

    package static func invalid(_ path: String, _ value: JSONValue, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Invalid value: \(quoted(value)): \(detail)", reason: "FieldValueInvalid")
    }

    package static func duplicate(_ path: String, _ value: JSONValue) -> FieldFailure {
        FieldFailure(path, "Duplicate value: \(quoted(value))", reason: "FieldValueDuplicate")
    }

    /// A value that is printed in a form of its own.
    package static func invalid(_ path: String, written value: String, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Invalid value: \(value): \(detail)", reason: "FieldValueInvalid")
    }

    /// A value that is printed in a form of its own.
    package static func duplicate(_ path: String, written value: String) -> FieldFailure {
        FieldFailure(path, "Duplicate value: \(value)", reason: "FieldValueDuplicate")
    }

    package static func unsupported(_ path: String, _ value: JSONValue, _ supported: [String]) -> FieldFailure {
        let values = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldFailure(
            path, "Unsupported value: \(quoted(value)): supported values: \(values)",
            reason: "FieldValueNotSupported")
    }

    package static func forbidden(_ path: String, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Forbidden: \(detail)", reason: "FieldValueForbidden")
    }

    package static func tooMany(_ path: String, _ count: Int, limit: Int) -> FieldFailure {
        FieldFailure(
            path, "Too many: \(count): must have at most \(limit) item\(limit == 1 ? "" : "s")",
            reason: "FieldValueTooMany")
    }

    package static func tooLong(_ path: String, limit: Int) -> FieldFailure {
        FieldFailure(
            path, "Too long: may not be more than \(limit) byte\(limit == 1 ? "" : "s")", reason: "FieldValueTooLong")
    }

    /// Of texts whose characters are counted.
    package static func tooLong(_ path: String, limitCharacters limit: Int) -> FieldFailure {
        FieldFailure(path, "Too long: may not be more than \(limit) characters", reason: "FieldValueTooLong")
    }

    package static func notFound(_ path: String, _ value: JSONValue, _ detail: String = "") -> FieldFailure {
        FieldFailure(
            path, "Not found: \(quoted(value))\(detail.isEmpty ? "" : ": \(detail)")", reason: "FieldValueNotFound")
    }

    package var description: String { "\(path): \(text)" }

    package var cause: Status.Cause { Status.Cause(field: path, message: text, reason: reason) }

    /// As upstream prints a value: strings in quotes, others as they are.
    private static func quoted(_ value: JSONValue) -> String { String(decoding: value.json, as: UTF8.self) }
}

extension Status {
    /// 422, with a cause for each failure.
    package static func invalid(_ resource: Resource, name: String, _ failures: [FieldFailure]) -> Status {
        .invalid(resource, name: name, causes: failures.map(\.cause))
    }
}

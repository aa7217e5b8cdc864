import KubeAPI

/// A field that breaks a rule, worded as the API server words it (k8s.io/apimachinery util/validation/field).
package struct FieldFailure: Equatable, Sendable, CustomStringConvertible {
    /// `spec.ports[0].port`.
    package let path: String
    package let text: String

    private init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
    }

    package static func required(_ path: String, _ detail: String = "") -> FieldFailure {
        FieldFailure(path, detail.isEmpty ? "Required value" : "Required value: \(detail)")
    }

    package static func invalid(_ path: String, _ value: String, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Invalid value: \"\(value)\": \(detail)")
    }

    package static func invalid(_ path: String, _ value: Int, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Invalid value: \(value): \(detail)")
    }

    package static func duplicate(_ path: String, _ value: String) -> FieldFailure {
        FieldFailure(path, "Duplicate value: \"\(value)\"")
    }

    package static func unsupported(_ path: String, _ value: String, _ supported: [String]) -> FieldFailure {
        let values = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldFailure(path, "Unsupported value: \"\(value)\": supported values: \(values)")
    }

    package static func forbidden(_ path: String, _ detail: String) -> FieldFailure {
        FieldFailure(path, "Forbidden: \(detail)")
    }

    package static func tooMany(_ path: String, _ count: Int, limit: Int) -> FieldFailure {
        FieldFailure(path, "Too many: \(count): must have at most \(limit) items")
    }

    package var description: String { "\(path): \(text)" }
}

extension Status {
    /// 422: "Service default/web: spec.ports[0].port: Invalid value: …", several failures separated by semicolons.
    package static func invalid(_ reference: String, _ failures: [FieldFailure]) -> Status {
        let causes = failures.map(\.description).joined(separator: "; ")
        return Status(code: 422, reason: "Invalid", message: "\(reference): \(causes)")
    }
}

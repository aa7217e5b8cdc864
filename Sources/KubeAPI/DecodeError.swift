/// A field that is not as its type wants it, in the words of the API.
package struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: FieldPath
    /// "expected an integer, found 'eighty'".
    package let problem: String

    package init(path: FieldPath, problem: String) {
        self.path = path
        self.problem = problem
    }

    package var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}

/// Why bytes are no object.
package enum DecodeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is not JSON, is nested too deep (512 levels), or ends too early.
    case malformed
    case field(FieldError)
    /// An object of a list, or a line of a watch, that takes more bytes than anything that the API holds.
    case tooLarge(limitBytes: Int)

    package var description: String {
        switch self {
        case .malformed: "not valid JSON"
        case .field(let error): error.description
        case .tooLarge(let limitBytes): "an object of more than \(limitBytes) bytes"
        }
    }

    /// The field at fault, empty where no single one is.
    package var path: FieldPath {
        if case .field(let error) = self { error.path } else { FieldPath() }
    }
}

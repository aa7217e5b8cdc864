import FoundationEssentials
import KubeAPI

/// What is wrong with a document that may hold secrets: where, and what was expected, but never what stands there.
struct DecodingProblem: Error, Hashable, CustomStringConvertible {
    let path: FieldPath
    let problem: String

    /// Decodes JSON. Throws `DecodingProblem`.
    static func decode<Value: Decodable>(_ type: Value.Type, from json: Data) throws(DecodingProblem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: json)
        } catch {
            throw DecodingProblem(error)
        }
    }

    private init(_ error: any Error) {
        switch error {
        case let error as FieldError:
            path = error.path
            problem = error.problem
        case DecodingError.keyNotFound(let key, let context):
            path = FieldPath(decoding: context.codingPath + [key])
            problem = "is required"
        case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
            path = FieldPath(decoding: context.codingPath)
            problem = "is not \(Self.name(of: type))"
        case DecodingError.dataCorrupted(let context):
            path = FieldPath(decoding: context.codingPath)
            problem = context.codingPath.isEmpty ? "not valid JSON" : "cannot be read"
        default:
            path = FieldPath()
            problem = "not valid JSON"
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any ExpressibleByArrayLiteral.Type: "a list"
        default: "an object"
        }
    }

    var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}

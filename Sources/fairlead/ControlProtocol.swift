import FoundationEssentials
import Net

/// What an operator's command asks the daemon: one line of JSON, answered by one JSON document, after which the daemon
/// closes the connection.
enum ControlRequest: Codable, Hashable, Sendable {
    case status
    case services(ServicesRequest)
    case explain(ExplainRequest)

    /// The name of the abstract socket, after `fairlead/`.
    static let socketName = "control"
    /// No request needs more.
    static let maximumByteCount = 4096
}

struct ServicesRequest: Codable, Hashable, Sendable {
    var namespace: String?
    var name: String?
    var endpoints = false
}

struct ExplainRequest: Codable, Hashable, Sendable {
    let from: String
    let to: String
    let port: UInt16
    let `protocol`: String
    let interface: String?
}

/// In place of an answer.
struct ControlError: Codable, Error, CustomStringConvertible {
    let error: String

    init(_ error: String) { self.error = error }

    var description: String { error }
}

/// The one way in which documents become text.
enum ControlJSON {
    /// Sorted keys: the same state gives the same text.
    static func encode(_ document: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(document) else { return [UInt8](#"{"error":"unprintable answer"}"#.utf8) }
        return [UInt8](data)
    }

    /// - Throws: `DecodingError`.
    static func decode<Document: Decodable>(_ type: Document.Type, _ bytes: [UInt8]) throws -> Document {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}

import FoundationEssentials
import KubeAPI
import Testing

/// A protobuf body, and JSON of the same object.
struct BodySample: CustomTestStringConvertible {
    let name: String
    let base64: String
    let json: String

    init(_ name: String, base64: String, json: String) {
        self.name = name
        self.base64 = base64
        self.json = json
    }

    var testDescription: String { name }

    var bytes: [UInt8] {
        get throws { [UInt8](try #require(Data(base64Encoded: base64.filter { !$0.isNewline }))) }
    }

    var tree: JSONValue {
        get throws { try JSONValue(json: Array(json.utf8)) }
    }
}

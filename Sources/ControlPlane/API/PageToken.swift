import FoundationEssentials
import KubeAPI

/// Where the next page of a list begins: after a key, at a revision. As upstream's, base64 of JSON, so that nobody builds one.
struct PageToken: Equatable {
    let revision: Int64
    /// The key of the last object, without what all keys of the kind begin with.
    let start: String

    init(revision: Int64, start: String) {
        self.revision = revision
        self.start = start
    }

    /// - Throws: 400 BadRequest.
    init(_ text: String) throws(Status) {
        guard let data = Base64URL.decode(text[...]), let json = try? JSONValue(json: [UInt8](data)),
            let revision = json["rv"]?.integer, let start = json["start"]?.string, !start.isEmpty,
            json["v"] == "meta.k8s.io/v1"
        else { throw .badRequest("invalid continue token: continue key is not valid") }
        self.init(revision: Int64(revision), start: start)
    }

    var text: String {
        let json: JSONValue = ["v": "meta.k8s.io/v1", "rv": JSONValue(Int(revision)), "start": .string(start)]
        return Base64URL.encode(json.json)
    }
}

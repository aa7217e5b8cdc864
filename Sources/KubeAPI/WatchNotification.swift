/// A line of a watch: a change of an object, or news about the watch itself (meta/v1 `WatchEvent`).
package enum WatchNotification<Object: KubernetesObject>: Sendable, Equatable {
    case change(WatchEvent<Object>)
    /// Every change up to this resource version has been sent.
    case bookmark(resourceVersion: String)
    /// The watch ends. 410 means that the client must list again.
    case error(Status)
}

extension WatchNotification: Codable {
    private enum CodingKeys: CodingKey {
        case type, object
    }

    /// A bookmark's object has nothing but a resource version in it.
    private struct Bookmark: Codable {
        struct Metadata: Codable {
            @OmitEmpty var resourceVersion: String
        }
        var apiVersion: String?
        var kind: String?
        var metadata: Metadata
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let type: String = try fields.required(.type)
        switch type {
        case "ADDED": self = .change(.added(try fields.required(.object)))
        case "MODIFIED": self = .change(.modified(try fields.required(.object)))
        case "DELETED": self = .change(.deleted(try fields.required(.object)))
        case "BOOKMARK":
            let bookmark: Bookmark = try fields.required(.object)
            self = .bookmark(resourceVersion: bookmark.metadata.resourceVersion)
        case "ERROR": self = .error(try fields.required(.object))
        default:
            throw FieldError(
                path: FieldPath(fields.codingPath + [CodingKeys.type]),
                problem: "'\(type.quotable)' is no type of a watch event")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .change(let event):
            try fields.encode(event.type, forKey: .type)
            try fields.encode(event.object, forKey: .object)
        case .bookmark(let resourceVersion):
            let resource = Object.resource
            try fields.encode("BOOKMARK", forKey: .type)
            try fields.encode(
                Bookmark(
                    apiVersion: resource.apiVersion, kind: resource.kind,
                    metadata: Bookmark.Metadata(resourceVersion: resourceVersion)),
                forKey: .object)
        case .error(let status):
            try fields.encode("ERROR", forKey: .type)
            try fields.encode(status, forKey: .object)
        }
    }
}

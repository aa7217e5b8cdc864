import APIMachinery
import KubeAPI

/// The shape in which a client wants objects (the header `Accept`).
enum Representation: Hashable {
    case objects
    /// meta.k8s.io/v1 `Table`.
    case table(TableDocument.Inclusion)
    /// meta.k8s.io/v1 `PartialObjectMetadata`.
    case metadata

    static let json = "application/json"

    /// Takes the first clause that can be served.
    ///
    /// - Throws: 400 for an `includeObject` that there is not, 406 where nothing can be served.
    init(accept header: String?, _ query: RequestQuery) throws(Status) {
        guard let header, !header.isEmpty, header != Self.json, header != "*/*" else {
            self = .objects
            return
        }
        for clause in header.split(separator: ",") {
            let words = clause.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let type = words.first?.lowercased(), ["*/*", "application/*", Self.json].contains(type) else {
                continue
            }
            switch Self.parameter("as", words) {
            case nil:
                self = .objects
                return
            case "Table" where Self.isMetaV1(words):
                self = .table(try Self.inclusion(query))
                return
            case "PartialObjectMetadata" where Self.isMetaV1(words),
                "PartialObjectMetadataList" where Self.isMetaV1(words):
                self = .metadata
                return
            default: continue
            }
        }
        throw .notAcceptable
    }

    /// Whether the header asks for the aggregated documents of discovery; the version that it asks for first.
    static func aggregatedDiscoveryVersion(accept header: String?) -> String? {
        for clause in (header ?? "").split(separator: ",") {
            let words = clause.split(separator: ";").map { $0.filter { $0 != " " } }
            guard words.first == json else { continue }
            guard let shape = parameter("as", words) else { return nil }
            if shape == "APIGroupDiscoveryList", parameter("g", words) == "apidiscovery.k8s.io",
                let version = parameter("v", words), ["v2", "v2beta1"].contains(version)
            {
                return version
            }
        }
        return nil
    }

    private static func parameter(_ name: String, _ words: [String]) -> String? {
        words.dropFirst().first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    private static func isMetaV1(_ words: [String]) -> Bool {
        parameter("g", words) == "meta.k8s.io" && parameter("v", words) == "v1"
    }

    private static func inclusion(_ query: RequestQuery) throws(Status) -> TableDocument.Inclusion {
        let text = query["includeObject"]
        if text.isEmpty { return .metadata }
        guard let inclusion = TableDocument.Inclusion(rawValue: text) else {
            throw .badRequest(
                "unrecognized includeObject value: \"\(text)\"")
        }
        return inclusion
    }
}

/// core/v1 `Namespace`.
package struct Namespace: KubernetesObject {
    package static let resource = Resource(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)

    package struct Status: Codable, Sendable, Equatable {
        /// `Active` or `Terminating`.
        package var phase: String?
    }

    package var metadata: ObjectMeta
    package var status: Status?

    package init(metadata: ObjectMeta) { self.metadata = metadata }

    package init(from decoder: any Decoder) throws {
        let fields = try Self.open(decoder)
        metadata = try fields.required(.metadata)
        status = try fields.value(.status)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = try open(encoder)
        try fields.encodeUnlessZero(status, forKey: .status)
    }
}

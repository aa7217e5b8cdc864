/// networking.k8s.io/v1 `ServiceCIDR`: networks that ClusterIPs are taken from (KEP-1880).
package struct ServiceCIDR: KubernetesObject {
    package static let resource = Resource(
        group: "networking.k8s.io", version: "v1", kind: "ServiceCIDR", plural: "servicecidrs", isNamespaced: false)

    package struct Spec: Codable, Sendable, Equatable {
        /// One network, or one of each family.
        @OmitEmpty package var cidrs: [String]

        package init(cidrs: [String]) { self.cidrs = cidrs }
    }

    package struct Status: Codable, Sendable, Equatable {
        @OmitEmpty package var conditions: [Condition]
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    package var status: Status?

    package init(metadata: ObjectMeta, cidrs: [String]) {
        self.metadata = metadata
        spec = Spec(cidrs: cidrs)
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Self.open(decoder)
        metadata = try fields.required(.metadata)
        spec = try fields.value(.spec)
        status = try fields.value(.status)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = try open(encoder)
        try fields.encodeUnlessZero(spec, forKey: .spec)
        try fields.encodeUnlessZero(status, forKey: .status)
    }
}

extension ServiceCIDR.Spec: ZeroValue {
    package static var zero: ServiceCIDR.Spec { ServiceCIDR.Spec(cidrs: []) }
}

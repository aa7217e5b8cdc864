/// core/v1 `Node`: what networking needs of it.
package struct Node: KubernetesObject {
    package static let resource = Resource(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)

    package var metadata: ObjectMeta
    package var spec: NodeSpec
    package var status: NodeStatus

    package init(metadata: ObjectMeta, spec: NodeSpec = NodeSpec(), status: NodeStatus = NodeStatus()) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
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

/// `spec` of a Node.
package struct NodeSpec: Codable, Sendable, Equatable {
    package struct Taint: Codable, Sendable, Equatable {
        @OmitEmpty package var key: String
        package var value: String?
        /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
        @OmitEmpty package var effect: String

        package init(key: String, value: String? = nil, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }
    package var podCIDR: String?
    @OmitEmpty package var podCIDRs: [String]
    package var unschedulable: Bool?
    @OmitEmpty package var taints: [Taint]

    /// The networks of the node's pods: `podCIDRs`, or `podCIDR` alone, as servers of one family once had it.
    package var podNetworks: [String] { podCIDRs.isEmpty ? [podCIDR].compactMap(\.self) : podCIDRs }

    package init(podCIDRs: [String] = []) {
        podCIDR = podCIDRs.first
        self.podCIDRs = podCIDRs
        taints = []
    }
}

/// `status` of a Node.
package struct NodeStatus: Codable, Sendable, Equatable {
    package struct Address: Codable, Sendable, Equatable {
        /// `InternalIP`, `ExternalIP`, `Hostname`, …
        @OmitEmpty package var type: String
        @OmitEmpty package var address: String

        package init(type: String, address: String) {
            self.type = type
            self.address = address
        }
    }
    @OmitEmpty package var addresses: [Address]
    @OmitEmpty package var conditions: [Condition]

    package init(addresses: [Address] = []) {
        self.addresses = addresses
        conditions = []
    }
}

extension NodeSpec: ZeroValue {
    package static var zero: NodeSpec { NodeSpec() }
}

extension NodeStatus: ZeroValue {
    package static var zero: NodeStatus { NodeStatus() }
}

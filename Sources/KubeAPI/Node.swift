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
}

package struct NodeSpec: Codable, Sendable, Equatable {
    package struct Taint: Codable, Sendable, Equatable {
        package var key: String
        package var value: String?
        package var effect: String
    }
    package var podCIDR: String?
    package var podCIDRs: [String]
    package var unschedulable: Bool?
    package var taints: [Taint]

    package init(podCIDRs: [String] = []) {
        podCIDR = podCIDRs.first
        self.podCIDRs = podCIDRs
        taints = []
    }
}

package struct NodeStatus: Codable, Sendable, Equatable {
    package struct Address: Codable, Sendable, Equatable {
        /// `InternalIP`, `ExternalIP`, `Hostname`, …
        package var type: String
        package var address: String

        package init(type: String, address: String) {
            self.type = type
            self.address = address
        }
    }
    package var addresses: [Address]
    package var conditions: [Condition]

    package init(addresses: [Address] = []) {
        self.addresses = addresses
        conditions = []
    }
}

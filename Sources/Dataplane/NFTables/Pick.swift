import Net
import Netlink

/// A frontend by what it is looked up by.
package enum FrontendKind: CaseIterable, Sendable {
    /// An address and a port: of a ClusterIP, a load balancer, an external IP.
    case address
    /// A port of the node's addresses.
    case nodePort

    /// What a frontend of this kind is looked up by.
    var fields: [NFTField] {
        self == .address ? [.destinationAddress, .l4Protocol, .destinationPort] : [.l4Protocol, .destinationPort]
    }
}

/// A way to choose an endpoint: each has sets, maps and chains of its own, made alike.
package enum Pick: Int, CaseIterable, Hashable, Sendable {
    case address
    case nodePort
    /// Among the endpoints for `externalTrafficPolicy: Local`.
    case localAddress
    case localNodePort

    init(_ kind: FrontendKind, isLocal: Bool) {
        switch kind {
        case .address: self = isLocal ? .localAddress : .address
        case .nodePort: self = isLocal ? .localNodePort : .nodePort
        }
    }

    var kind: FrontendKind { self == .address || self == .localAddress ? .address : .nodePort }
    var isLocal: Bool { self == .localAddress || self == .localNodePort }

    /// The chain that leads to the chain of each size class.
    var chain: String {
        switch self {
        case .address: "pick"
        case .nodePort: "pick-nodeport"
        case .localAddress: "pick-local"
        case .localNodePort: "pick-local-nodeport"
        }
    }

    /// What the names of its sets begin with.
    var prefix: String {
        switch self {
        case .address: ""
        case .nodePort: "nodeport-"
        case .localAddress: "local-"
        case .localNodePort: "local-nodeport-"
        }
    }

    /// The name of the sets of its size classes, without the class.
    var frontends: String { (isLocal ? "local-" : "") + (kind == .address ? "frontends" : "nodeports") }
}

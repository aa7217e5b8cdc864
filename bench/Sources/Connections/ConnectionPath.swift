import Net

/// What a node's namespace does with the client's packets.
enum NodeRules: Hashable {
    /// No table at all: no NAT, no conntrack.
    case none
    /// The rules of `singleRule` for another address: conntrack follows the connection, nothing is translated.
    case tracking
    /// One hand-written dnat rule for each protocol.
    case singleRule
    /// The same once more: how far it is from the other is what the measurement cannot tell apart.
    case singleRuleAgain
    /// The same and a hand-written masquerade of all.
    case singleRuleAndMasquerade
    /// What Fairlead writes for so many Services.
    case fairlead(services: Int)
    /// The same, and conntrack counts for a daemon that listens.
    case fairleadCounting(services: Int)

    /// Nil where no Service is involved.
    var services: Int? {
        switch self {
        case .fairlead(let services), .fairleadCounting(let services): services
        default: nil
        }
    }
}

/// One of the ways from the client to the server that are compared.
struct ConnectionPath: Hashable {
    enum Frontend: String, Codable {
        case endpoint = "endpoint"
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
    }

    let rules: NodeRules
    let frontend: Frontend

    /// What all others are compared with.
    static let baseline = ConnectionPath(rules: .singleRule, frontend: .clusterIP)

    static func all(services: [Int]) -> [ConnectionPath] {
        let ours = services.flatMap { count in
            [Frontend.clusterIP, .nodePort].map { ConnectionPath(rules: .fairlead(services: count), frontend: $0) }
        }
        return [
            ConnectionPath(rules: .none, frontend: .endpoint), ConnectionPath(rules: .tracking, frontend: .endpoint),
            baseline, ConnectionPath(rules: .singleRuleAgain, frontend: .clusterIP),
            ConnectionPath(rules: .singleRuleAndMasquerade, frontend: .clusterIP),
        ] + ours
            + services.prefix(1).map {
                ConnectionPath(rules: .fairleadCounting(services: $0), frontend: .clusterIP)
            }
    }

    var name: String {
        switch rules {
        case .none: "direct"
        case .tracking: "tracked"
        case .singleRule: "dnat"
        case .singleRuleAgain: "dnat-again"
        case .singleRuleAndMasquerade: "dnat-masquerade"
        case .fairlead: "fairlead"
        case .fairleadCounting: "fairlead-counts"
        }
    }

    /// Nil where no Service is involved.
    var services: Int? { rules.services }
}

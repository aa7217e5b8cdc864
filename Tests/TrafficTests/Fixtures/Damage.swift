import Dataplane
import Net
import Netlink
import TestSupport

/// What somebody does to our tables with `nft`.
enum Damage: CaseIterable, Sendable {
    case deletedElement, changedElement, addedElement, addedClusterIP, deletedHairpin, deletedNetwork, deletedRange
    case deletedAffinity, deletedAffinityRule, deletedRule, addedRule, insertedRule, insertedRuleWithSet
    case deletedBaseChain, deletedChains, addedBaseChain, addedChainAndMap, flushedChain, flushedSet, flushedMap
    case deletedSet, addedSet, changedPolicy, dormantTable, flushedTable, deletedTable, flushedRuleSet

    /// Nothing is left of the table to repair.
    var isOfEverything: Bool { self == .deletedTable || self == .flushedRuleSet }

    /// The kernel has no commands for it but that of one rule with its number.
    private func handle(inChain chain: String, _ table: String, _ namespace: NetworkNamespace) throws -> Substring {
        let text = try Tool.run("nft", "-a", "list", "chain", "\(table) \(chain)", in: namespace)
        let line = text.split(separator: "\n").first { $0.contains("# handle") && !$0.contains("chain") }
        return line?.split(separator: " ").last ?? ""
    }

    func perform(_ family: IPFamily, in namespace: NetworkNamespace) throws {
        let table = "\(family.tableFamily) fairlead"
        try Tool.run("nft", "-f", "-", in: namespace, input: commands(family, table, in: namespace))
    }

    private func commands(_ family: IPFamily, _ table: String, in namespace: NetworkNamespace) throws -> String {
        let frontend = "\(HealingState.address(1, family)) . tcp . 80"
        let endpoint = HealingState.endpoint(99, family)
        let affinity = "affinity-default/sticky/tcp"
        switch self {
        case .deletedElement: return "delete element \(table) endpoints { \(frontend) . 0 }"
        case .changedElement:
            return """
                delete element \(table) endpoints { \(frontend) . 1 }
                add element \(table) endpoints { \(frontend) . 1 : \(endpoint.address) . 9 }
                """
        case .addedElement: return "add element \(table) endpoints { \(frontend) . 7 : \(endpoint.address) . 9 }"
        case .addedClusterIP: return "add element \(table) cluster-ips { \(HealingState.address(77, family)) }"
        case .deletedHairpin:
            let address = HealingState.endpoint(1, family).address
            return "delete element \(table) hairpin { \(address) . \(address) }"
        case .deletedNetwork: return "flush set \(table) pod-cidrs"
        case .deletedRange: return "flush set \(table) allowed-sources"
        case .deletedAffinity:
            return "delete element \(table) affinity { \(HealingState.address(2, family)) . tcp . 80 }"
        case .deletedAffinityRule:
            return "delete rule \(table) \(affinity) handle \(try handle(inChain: affinity, table, namespace))"
        case .deletedRule:
            return "delete rule \(table) services handle \(try handle(inChain: "services", table, namespace))"
        case .addedRule: return "add rule \(table) services counter drop"
        case .insertedRule: return "insert rule \(table) postrouting counter drop"
        case .insertedRuleWithSet: return "insert rule \(table) services meta mark { 1, 2, 3 } drop"
        case .deletedBaseChain: return "flush chain \(table) prerouting\ndelete chain \(table) prerouting"
        case .deletedChains:
            return ["prerouting", "output", "services"].map { "flush chain \(table) \($0)\n" }.joined()
                + "delete chain \(table) services"
        case .addedBaseChain:
            return "add chain \(table) other { type filter hook input priority 0; policy drop; }"
        case .addedChainAndMap:
            return """
                add chain \(table) other
                add rule \(table) other drop
                add map \(table) others { type mark : verdict; elements = { 1 : jump other, 2 : goto services }; }
                insert rule \(table) prerouting meta mark vmap @others
                """
        case .flushedChain: return "flush chain \(table) postrouting"
        case .flushedSet: return "flush set \(table) cluster-ips"
        case .flushedMap: return "flush map \(table) endpoints"
        case .deletedSet: return "flush chain \(table) postrouting\ndelete set \(table) hairpin"
        case .addedSet: return "add set \(table) other { type mark; elements = { 1, 2 }; }"
        case .changedPolicy: return "chain \(table) input { policy drop; }"
        case .dormantTable: return "add table \(table) { flags dormant; }"
        case .flushedTable: return "flush table \(table)"
        case .deletedTable: return "delete table \(table)"
        case .flushedRuleSet: return "flush ruleset"
        }
    }
}

/// Service ports that use every set there is.
enum HealingState {
    static func address(_ number: UInt8, _ family: IPFamily) -> IPAddress { LabAddresses.service(number)[family] }

    static func endpoint(_ number: UInt8, _ family: IPFamily) -> Endpoint {
        Endpoint(address: LabAddresses.pod(number, node: 1)[family], port: 8080, isLocal: true)
    }

    static func name(_ service: String, _ family: IPFamily) -> ServicePortName {
        ServicePortName(namespace: "default", service: service, port: "", protocol: .tcp, family: family)
    }

    static func changes(_ families: [IPFamily] = IPFamily.allCases) -> DesiredChanges {
        var changes = DesiredChanges()
        var node = NodeState()
        node.nodePortAddresses = Set(LabAddresses.host(1).both)
        node.serviceCIDRs = Set(LabAddresses.serviceCIDRs)
        node.podNetworks = Set(LabAddresses.clusterCIDRs)
        node.healthCheckPorts = [31_999]
        changes.node = node
        for family in families {
            var web = ServicePort(
                clusterIP: address(1, family), port: 80, nodePort: 31_000,
                endpoints: [1, 2, 3].map { endpoint($0, family) })
            web.externalPolicy = .local
            web.localEndpoints = web.endpoints
            web.externalAddresses = [
                ExternalAddress(
                    LabAddresses.host(200)[family],
                    allowedSources: LabAddresses.clusterCIDRs.filter { $0.family == family })
            ]
            changes.servicePorts[name("web", family)] = web
            var sticky = ServicePort(
                clusterIP: address(2, family), port: 80, endpoints: [4, 5].map { endpoint($0, family) })
            sticky.affinitySeconds = 60
            changes.servicePorts[name("sticky", family)] = sticky
            changes.servicePorts[name("empty", family)] = ServicePort(clusterIP: address(3, family), port: 80)
        }
        return changes
    }
}

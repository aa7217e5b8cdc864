import Net
import Netlink

/// The addresses of the rule set in one family.
struct RuleSetAddresses {
    let cluster, node, first, second: IPAddress
    let pods: IPPrefix

    init(_ family: IPFamily) {
        do {
            let isV4 = family == .ipv4
            cluster = try IPAddress(isV4 ? "10.96.0.1" : "fd96::1")
            node = try IPAddress(isV4 ? "192.168.1.1" : "fd00::1")
            first = try IPAddress(isV4 ? "10.244.0.5" : "fd44::5")
            second = try IPAddress(isV4 ? "10.244.0.6" : "fd44::6")
            pods = try IPPrefix(isV4 ? "10.244.0.0/16" : "fd44::/64")
        } catch { preconditionFailure("\(error)") }
    }
}

/// The rule set of `ruleSetText`, made with `NFTBatch`.
struct RuleSet {
    let table: NFTTable
    let family: IPFamily

    init(_ family: IPFamily) {
        self.family = family
        table = NFTTable(family: family, name: "fairlead")
    }

    static let sets: [NFTSet] = [
        NFTSet(name: "cluster-ips", key: [.destinationAddress]),
        NFTSet(name: "node-ips", key: [.destinationAddress]),
        NFTSet(name: "pod-cidrs", key: [.sourceAddress], isInterval: true),
        NFTSet(
            name: "hairpin", key: [.sourceAddress, .destinationAddress], comment: "pods that reach themselves"),
        NFTSet(name: "frontends-1", key: frontend),
        NFTSet(name: "frontends-2", key: frontend),
        NFTSet(name: "frontends-4", key: frontend),
        NFTSet(name: "nodeports", key: nodePort),
        NFTSet(name: "nodeports-4", key: nodePort),
        NFTSet(name: "endpoints", key: frontend + [.numgen], data: [.destinationAddress, .destinationPort]),
        NFTSet(
            name: "nodeport-endpoints", key: nodePort + [.numgen], data: [.destinationAddress, .destinationPort]),
    ]

    private static let frontend: [NFTField] = [.destinationAddress, .l4Protocol, .destinationPort]
    private static let nodePort: [NFTField] = [.l4Protocol, .destinationPort]

    static let chains: [NFTChain] = [
        NFTChain(name: "pick-4"), NFTChain(name: "pick-nodeport-4"), NFTChain(name: "cluster-ip-services"),
        NFTChain(name: "nodeport-services"), NFTChain(name: "services"),
        NFTChain(name: "prerouting", base: NFTBaseChain(kind: .nat, hook: .prerouting, priority: -100)),
        NFTChain(name: "output", base: NFTBaseChain(kind: .nat, hook: .output, priority: -100)),
        NFTChain(name: "postrouting", base: NFTBaseChain(kind: .nat, hook: .postrouting, priority: 100)),
        NFTChain(name: "check-input", base: NFTBaseChain(kind: .filter, hook: .input, priority: -10)),
        NFTChain(name: "check-forward", base: NFTBaseChain(kind: .filter, hook: .forward, priority: -10)),
        NFTChain(name: "check-output", base: NFTBaseChain(kind: .filter, hook: .output, priority: -90)),
    ]

    /// Appends all of it.
    func add(to batch: inout NFTBatch) {
        batch.add(table)
        for chain in Self.chains { batch.add(chain, to: table) }
        for set in Self.sets { batch.add(set, to: table) }
        for rule in rules { batch.add(rule, to: table) }
        addElements(to: &batch)
    }

    private func addElements(to batch: inout NFTBatch) {
        let addresses = RuleSetAddresses(family)
        func add(_ set: String, _ key: NFTData, _ data: NFTData? = nil) {
            batch.addElement(key, data: data, to: batch.register(set: set, in: table))
        }
        add("cluster-ips", NFTData(addresses.cluster))
        add("node-ips", NFTData(addresses.node))
        batch.addInterval(addresses.pods, to: batch.register(set: "pod-cidrs", in: table))
        add("hairpin", NFTData(addresses.first, addresses.first))
        let frontend = NFTData(addresses.cluster, .tcp, port: 80)
        let nodePort = NFTData(nil, .tcp, port: 30599)
        add("frontends-4", frontend)
        add("nodeports", nodePort)
        add("nodeports-4", nodePort)
        add("endpoints", frontend.slot(0), NFTData(addresses.first, port: 8080))
        add("endpoints", frontend.slot(3), NFTData(addresses.second, port: 8080))
        add("nodeport-endpoints", nodePort.slot(0), NFTData(addresses.first, port: 8080))
    }
}

extension NFTData {
    /// An address, or two.
    init(_ addresses: IPAddress...) {
        self.init()
        for address in addresses { append(address) }
    }

    /// Address, protocol and port, each where there is one.
    init(_ address: IPAddress?, _ l4Protocol: L4Protocol? = nil, port: UInt16) {
        self.init()
        if let address { append(address) }
        if let l4Protocol { append(l4Protocol) }
        append(port: port)
    }

    func slot(_ number: UInt32) -> NFTData {
        var longer = self
        longer.append(number: number)
        return longer
    }
}

import Dataplane
import Net
import Netlink
import TestSupport
import Testing

@Suite("Taking over from kube-proxy", .networkNamespaces, .fewAtATime, .serialized)
struct TakeOverTests {
    /// How kube-proxy's rules got there.
    enum Mode: CaseIterable {
        case nftables
        case iptables
    }

    @Test(
        "Nothing is lost or refused while one takes over from the other, and others' rules stay",
        arguments: Mode.allCases)
    func underLoad(mode: Mode) async throws {
        let lab = try TrafficLab()
        let namespace = lab.lab.node.namespace
        lab.proxy.stop()
        let servers = [lab.pods[1], lab.pods[2], lab.pods[3]]
        let web = ServiceFixture(backends: servers)
        let kubeProxy = KubeProxyRuleSet(service: web, servers: servers, node: lab.lab.node)
        // Known, and programmed at the next start.
        lab.proxy.submit(web.events)
        try namespace.run { _ = try NFTBackend.removeAllTraces() }
        try loadOthers(namespace)
        let others = try OthersRules(of: namespace)
        try load(kubeProxy, mode, namespace)
        let load = try LoadOnLab(on: lab, web)
        for round in 1...8 {
            try await load.proceed()
            try await lab.proxy.start()
            let removed = try namespace.run { try KubeProxyTraces.remove() }
            try await load.proceed()
            switch mode {
            case .nftables:
                #expect(removed.items == ["table ip kube-proxy", "table ip6 kube-proxy"])
            case .iptables:
                #expect(Set(removed.rules.map(\.table.description)).count == 6)
                #expect(removed.rules.allSatisfy { $0.keptChains == [] })
            }
            try #expect(namespace.run { try KubeProxyTraces.find() }.isEmpty)
            try #expect(OthersRules(of: namespace).lines.difference(from: others.lines).map(\.text) == [])
            guard round < 8 else { break }
            // And back, for another round: the rules first, as the elements that they look up may go before they do.
            try self.load(kubeProxy, mode, namespace)
            lab.proxy.stop()
            for family in IPFamily.allCases {
                try Tool.run("nft", "flush", "table", family.tableFamily, "fairlead", in: namespace)
            }
            try namespace.run { _ = try NFTBackend.removeAllTraces() }
        }
        try load.expectNoLoss(servers: servers)
        #expect(lab.proxy.failures == [])
    }

    @Test("Without rules of kube-proxy nothing is touched")
    func nothingToRemove() throws {
        let namespace = try LabNamespace.create(forwards: false)
        try #expect(namespace.run { try KubeProxyTraces.remove() }.isEmpty)
        try #expect(OthersRules.tables(of: namespace) == [])
        try loadOthers(namespace)
        let others = try OthersRules(of: namespace)
        let removed = try namespace.run { try KubeProxyTraces.remove() }
        #expect(removed.isEmpty && removed.remarks == [])
        try #expect(OthersRules(of: namespace).lines == others.lines)
    }

    @Test("A chain of kube-proxy's that others' rules lead to stays, with what it leads to")
    func sharedChain() throws {
        let namespace = try LabNamespace.create(forwards: false)
        try Tool.run(
            "iptables-nft-restore", in: namespace,
            input: """
                *nat
                :KUBE-SERVICES - [0:0]
                :KUBE-MARK-MASQ - [0:0]
                :HOSTPORT - [0:0]
                -A PREROUTING -j KUBE-SERVICES
                -A OUTPUT -j HOSTPORT
                -A KUBE-SERVICES -j KUBE-MARK-MASQ
                -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
                -A HOSTPORT -p tcp -j KUBE-MARK-MASQ
                COMMIT

                """)
        let removed = try namespace.run { try KubeProxyTraces.remove() }
        #expect(removed.items == ["chains of table ip nat (1) and jumps to them (1)"])
        #expect(removed.remarks == ["rules of others lead to KUBE-MARK-MASQ in table ip nat, which stay"])
        let left = try Tool.run("iptables-nft-save", "-t", "nat", in: namespace).split(separator: "\n")
        #expect(
            left.filter { $0.hasPrefix("-A") } == [
                "-A OUTPUT -j HOSTPORT", "-A HOSTPORT -p tcp -j KUBE-MARK-MASQ",
                "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
            ])
        try #expect(namespace.run { try KubeProxyTraces.remove() }.isEmpty)
    }

    @Test("The link of the ipvs mode goes, and legacy tables are told of")
    func leftovers() throws {
        let namespace = try LabNamespace.create(forwards: false)
        try namespace.run {
            var socket = try RouteSocket()
            try socket.perform(
                .addLink(LinkSpecification(LinkAttributes(name: "kube-ipvs0", index: 7), kind: .bridge)))
        }
        let removed = try namespace.run { try KubeProxyTraces.remove() }
        #expect(removed.items == ["link kube-ipvs0"] && removed.remarks.count == 1)
        try #expect(!Tool.run("ip", "link", in: namespace).contains("kube-ipvs0"))
        try #expect(namespace.run { try KubeProxyTraces.find() }.legacyTables == [:])
        try Tool.run("ip6tables-legacy", "-t", "nat", "-N", "KUBE-SERVICES", in: namespace)
        let found = try namespace.run { try KubeProxyTraces.remove() }
        #expect(found.isEmpty && found.legacyTables == [.ipv6: ["nat"]])
        #expect(found.remarks.first?.hasPrefix("legacy iptables is in use for IPv6 (nat)") == true)
    }

    private func load(_ rules: KubeProxyRuleSet, _ mode: Mode, _ namespace: NetworkNamespace) throws {
        switch mode {
        case .nftables:
            let text = IPFamily.allCases.map(rules.nftables).joined()
            try Tool.run("nft", "-f", "-", in: namespace, input: text)
        case .iptables:
            for (family, tool) in Self.restore {
                try Tool.run(tool, "--noflush", in: namespace, input: rules.iptables(family))
            }
        }
    }

    private func loadOthers(_ namespace: NetworkNamespace) throws {
        for (family, tool) in Self.restore {
            try Tool.run(tool, in: namespace, input: KubeProxyRuleSet.others(family))
        }
        try Tool.run(
            "nft", "-f", "-", in: namespace,
            input: "table inet stranger { chain kube-proxy { ct state new counter; }; }\n"
                + "table ip stranger { chain KUBE-SERVICES { type filter hook input priority 5; accept; }; }\n")
    }

    private static let restore: [(IPFamily, String)] = [
        (.ipv4, "iptables-nft-restore"), (.ipv6, "ip6tables-nft-restore"),
    ]
}

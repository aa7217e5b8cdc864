import Dataplane
import Net
import Netlink
import Testing

@Suite struct KubeProxyRulesTests {
    private let table = NFTTable(family: .ipv4, name: "nat")

    /// What is planned for those chains, next to two built-in ones, and for rules as (chain, target), numbered from 10.
    private func plan(chains: [String], rules: [(String, String?)]) -> KubeProxyRules? {
        let numbered = rules.enumerated().map {
            NFTForeignRule(chain: $1.0, handle: UInt64($0 + 10), target: $1.1)
        }
        return KubeProxyRules(
            table: table,
            chains: ["PREROUTING", "OUTPUT"].map { NFTForeignChain(name: $0, isBase: true) }
                + chains.map { NFTForeignChain(name: $0, isBase: false) },
            rules: { chain in numbered.filter { $0.chain == chain } })
    }

    @Test func chainsOfEveryKindGoAndTheKubeletsStay() throws {
        let its = [
            "KUBE-EXT-A", "KUBE-EXTERNAL-SERVICES", "KUBE-FORWARD", "KUBE-FW-A", "KUBE-MARK-MASQ", "KUBE-NODEPORTS",
            "KUBE-POSTROUTING", "KUBE-PROXY-CANARY", "KUBE-PROXY-FIREWALL", "KUBE-SEP-A", "KUBE-SERVICES",
            "KUBE-SVC-A", "KUBE-SVL-A", "KUBE-XLB-A",
        ]
        let others = [
            "KUBE-FIREWALL", "KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY", "KUBE-MARK-DROP", "KUBE-ROUTER-INPUT", "SVC",
            "kube-services",
        ]
        let plan = try #require(self.plan(chains: others + its.reversed(), rules: []))
        #expect(plan.chains == its && plan.jumps == [] && plan.keptChains == [])
        #expect(self.plan(chains: others, rules: [("PREROUTING", "KUBE-FIREWALL")]) == nil)
    }

    @Test func onlyJumpsFromBuiltInChainsAreDeletedOneByOne() throws {
        let plan = try #require(
            self.plan(
                chains: ["KUBE-SERVICES", "KUBE-SVC-A", "KUBE-FIREWALL"],
                rules: [
                    ("PREROUTING", nil), ("PREROUTING", "KUBE-SERVICES"), ("PREROUTING", "KUBE-FIREWALL"),
                    ("OUTPUT", "KUBE-SERVICES"), ("KUBE-SERVICES", "KUBE-SVC-A"), ("KUBE-SVC-A", nil),
                ]))
        #expect(plan.jumps.map(\.handle) == [11, 13])
        #expect(plan.chains == ["KUBE-SERVICES", "KUBE-SVC-A"])
    }

    @Test func chainsThatOthersUseStayWithAllThatTheyLeadTo() throws {
        let plan = try #require(
            self.plan(
                chains: ["KUBE-SERVICES", "KUBE-SVC-A", "KUBE-SVC-B", "KUBE-SEP-A", "KUBE-MARK-MASQ", "MINE"],
                rules: [
                    ("PREROUTING", "KUBE-SERVICES"), ("MINE", "KUBE-SVC-A"), ("OUTPUT", "KUBE-MARK-MASQ"),
                    ("KUBE-SERVICES", "KUBE-SVC-A"), ("KUBE-SERVICES", "KUBE-SVC-B"), ("KUBE-SVC-A", "KUBE-SEP-A"),
                    // A loop ends the search all the same.
                    ("KUBE-SEP-A", "KUBE-SVC-A"), ("KUBE-SVC-B", "KUBE-MARK-MASQ"),
                ]))
        #expect(plan.keptChains == ["KUBE-MARK-MASQ", "KUBE-SEP-A", "KUBE-SVC-A"])
        #expect(plan.chains == ["KUBE-SERVICES", "KUBE-SVC-B"])
        #expect(plan.jumps.map(\.handle) == [10])
    }
}

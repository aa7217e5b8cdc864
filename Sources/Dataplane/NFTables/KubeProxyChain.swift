/// The names of the chains that kube-proxy makes in the tables of iptables, in its iptables and ipvs modes
/// (`pkg/proxy/iptables/proxier.go` and `pkg/proxy/ipvs/proxier.go` of Kubernetes).
///
/// KUBE-FIREWALL, KUBE-MARK-DROP and KUBE-KUBELET-CANARY are the kubelet's.
enum KubeProxyChain {
    /// Those that its rules in the built-in chains lead to.
    static let entries: Set<String> = [
        "KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-FORWARD",
        "KUBE-PROXY-FIREWALL",
        // The ipvs mode's.
        "KUBE-NODE-PORT", "KUBE-IPVS-FILTER", "KUBE-IPVS-OUT-FILTER",
    ]

    private static let others: Set<String> = [
        "KUBE-PROXY-CANARY", "KUBE-MARK-MASQ", "KUBE-LOAD-BALANCER", "KUBE-SOURCE-RANGES-FIREWALL",
    ]

    /// Of one Service port or endpoint each; what follows is a hash.
    private static let prefixes = ["KUBE-SVC-", "KUBE-SVL-", "KUBE-SEP-", "KUBE-FW-", "KUBE-EXT-", "KUBE-XLB-"]

    static func isKubeProxys(_ name: String) -> Bool {
        entries.contains(name) || others.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
}

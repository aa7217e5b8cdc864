import ArgumentParser
import Dataplane
import Netlink

/// `fairlead cleanup`.
struct Cleanup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove everything that Fairlead has programmed in this network namespace.",
        discussion: """
            Deletes the tables 'ip fairlead' and 'ip6 fairlead' in one transaction and the file of the pods' networks, and \
            prints what was removed. \
            Connections that are open keep their translation until they end; new ones no longer reach any Service. It is \
            no error when there is nothing to remove. Refuses while a daemon runs here, which would put everything back.
            """)

    @Flag(
        help: ArgumentHelp(
            "Remove what kube-proxy has programmed here, too.",
            discussion: """
                In its nftables mode that is the tables 'ip kube-proxy' and 'ip6 kube-proxy'; in its iptables and ipvs modes \
                its chains in the tables of iptables (nf_tables) and the rules that lead to them, and the link 'kube-ipvs0'. \
                The kubelet's chains and everybody else's rules stay. Rules of legacy iptables and virtual servers of IPVS \
                cannot be removed this way; a line says so where there may be some.
                """))
    var kubeProxy = false

    @OptionGroup var podCIDRFile: PodCIDRFileOptions

    func run() throws { try Self.run(alsoKubeProxy: kubeProxy, podCIDRFile: podCIDRFile.path) }

    /// Removes what there is and prints it.
    ///
    /// - Parameter podCIDRFile: The file of `PodCIDRWriter`; nil for none.
    static func run(alsoKubeProxy: Bool, podCIDRFile: String?) throws {
        let lock = try InstanceLock(name: instanceName)
        var removed = try removeOwnTables()
        if let podCIDRFile, try PodCIDRWriter.remove(podCIDRFile) { removed.append(podCIDRFile) }
        var remarks: [String] = []
        if alsoKubeProxy {
            let traces = try KubeProxyTraces.remove()
            removed += traces.items
            remarks = traces.remarks
        }
        for item in removed { print("removed \(item)") }
        if removed.isEmpty { print("nothing to remove") }
        for remark in remarks { print("left: \(remark)") }
        withExtendedLifetime(lock) {}
    }

    private static func removeOwnTables() throws -> [String] {
        var socket = try NFTSocket()
        let tables = try socket.tables().filter { $0.name == NFTLayout.tableName }
        return try NFTBackend.removeAllTraces() ? tables.map { "table \($0)" } : []
    }
}

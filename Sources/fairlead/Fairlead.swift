import ArgumentParser

/// The daemon and the operator's tool.
@main
struct Fairlead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead",
        abstract: "The node network of a Kubernetes cluster: service proxy and control-plane core.",
        discussion: """
            Fairlead makes Services work on a node. It takes the place of kube-proxy: a connection to a ClusterIP or a \
            NodePort goes to one of the Service's ready endpoints. It programs nftables through netlink, in the \
            network namespace that it is started in, in the tables 'ip fairlead' and 'ip6 fairlead', and touches \
            nothing else. It needs CAP_NET_ADMIN there.

            One daemon at a time runs in a network namespace; a second one refuses to start and names the first. What \
            is programmed stays when the daemon ends, whatever the way, so that connections go on; the next start \
            takes it over in one transaction.

            EXAMPLES
              fairlead proxy --config /var/lib/kube-proxy/config.conf
              fairlead up --watch-manifests /etc/fairlead/manifests --pod-cidr 10.244.0.0/16
              fairlead control-plane --data-dir /var/lib/fairlead --api-address 192.0.2.1:6443
              fairlead status
              fairlead services default/web --endpoints
              fairlead explain --from 10.244.0.5 --to 10.96.0.10:80
              fairlead cleanup

            EXIT STATUS
              0   Done, or ended by SIGTERM or SIGINT.
              1   Failed; one line on standard error says what and why.
              2   'status' and 'explain': the daemon or the kernel is not as it should be.
              64  The command line is wrong.

            SEE ALSO
              nft list table ip fairlead   shows what is programmed: 'cluster-ips' and 'nodeports' are the frontends, \
            'endpoints' and 'nodeport-endpoints' are where they lead.
            """,
        version: "0.1.0",
        subcommands: [
            ProxyCommand.self, Up.self, ControlPlaneCommand.self, Status.self, Services.self, Explain.self,
            Cleanup.self, CNICommand.self, SnapshotCommand.self,
        ])

    /// Called by the name of kube-proxy, it takes kube-proxy's command line.
    static func main() async {
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? ""
        var arguments = Array(CommandLine.arguments.dropFirst())
        if name == "kube-proxy" { arguments.insert("proxy", at: 0) }
        if arguments.first == "proxy" { arguments = ["proxy"] + ProxyOptions.normalise(Array(arguments.dropFirst())) }
        await main(arguments)
    }
}

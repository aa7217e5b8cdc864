import ArgumentParser

/// Servers, load and measurements for Fairlead; the demo and the benchmarks run it.
@main
struct FairleadBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead-bench",
        abstract: "Servers and load to exercise a service proxy, and what its work costs.",
        discussion:
            "serve and load work in the network namespace that they are started in, the others in ones that they make.",
        subcommands: [
            Serve.self, Load.self, Sync.self, Connections.self, Decode.self, Soak.self, Cluster.self, CNIBench.self,
            StoreBench.self, CoreBench.self, Compare.self, Thresholds.self, ReportCommand.self, SoakDaemon.self,
            Kubelet.self,
        ])
}

import ArgumentParser

/// Servers, load and measurements for Fairlead; the demo and the benchmarks run it.
@main
struct FairleadBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fairlead-bench",
        abstract: "Servers and load to exercise a service proxy, and what its work costs.",
        discussion: "Every command works in the network namespace that it is started in.",
        subcommands: [Serve.self, Load.self])
}

import ArgumentParser

/// How much of everything.
struct CorePlan: ParsableArguments {
    @Option(help: "Clients that write at the same time.")
    var clients = 8

    @Option(help: "Seconds of creates, and of updates.")
    var seconds = 5

    @Option(help: "Pods in the list.")
    var pods = 10_000

    @Option(help: "Lists that are measured.")
    var lists = 20

    @Option(help: "Watchers of one object.")
    var watchers = 100

    @Option(help: "Writes to the watched object.")
    var watchedWrites = 400

    @Option(help: "Pods of the Deployment.")
    var replicas = 500

    @Option(help: "Made-up nodes for it, of 110 Pods each.")
    var nodes = 10

    @Option(help: "How often it is made, one after the other.")
    var deployments = 3

    @Option(help: "Services for the figure of memory, each with one slice.")
    var services = 10_000

    @Option(help: "Endpoints of each slice.")
    var endpoints = 10

    func validate() throws {
        let bounds: [(String, Int, ClosedRange<Int>)] = [
            ("clients", clients, 1...256), ("seconds", seconds, 1...600), ("pods", pods, 1...200_000),
            ("lists", lists, 1...10_000), ("watchers", watchers, 1...10_000),
            ("watched-writes", watchedWrites, 1...100_000), ("replicas", replicas, 1...100 * nodes),
            ("nodes", nodes, 1...1000), ("deployments", deployments, 1...100), ("services", services, 1...60_000),
            ("endpoints", endpoints, 1...1000),
        ]
        for (name, value, range) in bounds where !range.contains(value) {
            throw ValidationError("--\(name) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
        }
    }
}

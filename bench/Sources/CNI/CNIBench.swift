import ArgumentParser
import BenchReport
import FoundationEssentials
import TestSupport

/// `fairlead-bench cni`: what a call of the CNI plugin takes.
struct CNIBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cni",
        abstract: "Measure the CNI plugin's calls, beside those of the reference plugins where they are given.",
        discussion: """
            Each call is timed from the start of its process to its end, as a container runtime waits for it, in a network \
            namespace of the node with pods in namespaces of their own. Rounds of the two alternate. The reference plugins \
            are a chain of 'bridge' (or 'ptp') with 'host-local', and 'portmap'; both have 'ipMasq', and the bridge is the \
            gateway and has hairpin ports. One address family, IPv4.

            'start' is VERSION. 'removal of a link' is how long the kernel takes to answer the removal of a bare one, which our DEL leaves \
            to a child process. 'burst of adds' is --burst ADDs, --at-once at a time: the time until the last has ended; 'burst of dels' \
            as well.

            EXAMPLE
              fairlead-bench cni --reference /opt/cni/bin
            """)

    @Option(help: ArgumentHelp("The plugin. (default: fairlead-cni beside this program)", valueName: "file"))
    var plugin = BuiltProduct.path("fairlead-cni")

    @Option(help: ArgumentHelp("The folder of the reference plugins.", valueName: "dir"))
    var reference: String?

    @Option(help: "How the pods are connected: bridge or ptp.")
    var mode = CNIChain.Mode.bridge

    @Option(help: "Pods of each round.")
    var pods = 25

    @Option(help: "Rounds of each.")
    var rounds = 12

    @Option(help: "ADDs of a burst.")
    var burst = 100

    @Option(help: "How many of a burst are under way.")
    var atOnce = 8

    @Option(help: ArgumentHelp("Write a report as JSON into this file, too.", valueName: "file"))
    var out: String?

    @Flag(help: "Print one line of JSON a figure in place of the table.")
    var json = false

    func validate() throws {
        guard (1...200).contains(pods), (1...1_000).contains(rounds) else {
            throw ValidationError("--pods is 1 to 200, --rounds 1 to 1000")
        }
        guard (1...1_000).contains(burst), (1...64).contains(atOnce) else {
            throw ValidationError("--burst is 1 to 1000, --at-once 1 to 64")
        }
    }

    func run() throws {
        var columns = [try CNIBenchNode(.fairlead(plugin, mode))]
        if let reference { columns.append(try CNIBenchNode(.reference(reference, mode))) }
        if !json { Output.printLine(CNIResult.header) }
        var written = Report(command: ReportOptions.commandLine)
        for (number, figure) in CNIFigure.allCases.enumerated() {
            var samples = columns.map { _ in [CNIFigure.Samples]() }
            let rounds = figure == .burst ? max(rounds / 3, 1) : rounds
            for round in 1...rounds {
                Progress.tell(
                    "cni: \(figure), \(number + 1) of \(CNIFigure.allCases.count), round \(round) of \(rounds) …")
                for (index, node) in columns.enumerated() {
                    samples[index].append(
                        try figure.measure(node, pods: figure == .burst ? burst : pods, atOnce: atOnce))
                }
            }
            for name in figure.results {
                try report(
                    CNIResult(
                        name,
                        zip(columns, samples).map { node, rounds in (node.chain.name, rounds.flatMap { $0[name] ?? [] })
                        }))
                for (node, rounds) in zip(columns, samples) {
                    let histograms = rounds.map { Histogram(($0[name] ?? []).map { UInt64($0) }) }
                    try written.add(
                        Measurement(
                            "cni \(mode.rawValue)", name, in: .milliseconds, of: node.chain.name,
                            .latencies(histograms), includes: CNIFigure.includes(name)))
                }
            }
        }
        if let out { try written.json.write(to: URL(filePath: out)) }
    }

    private func report(_ result: CNIResult) throws {
        if json { try Output.printJSON(result) } else { Output.printLine(result.row) }
    }
}

extension CNIChain.Mode: ExpressibleByArgument {}

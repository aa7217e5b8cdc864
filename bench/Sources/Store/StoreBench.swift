import ArgumentParser
import NIOPosix

/// `fairlead-bench store`: what writes to a store on disk take.
struct StoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measure durable writes to the embedded store, and how fast it opens.",
        discussion: """
            "floor" is a write of 4 KiB to a file of its own and fdatasync(2), one after the other, on the same disk: no store \
            that syncs once a write is faster for one caller. Each caller creates keys one after the other.
            """)

    @Option(help: "A folder on the disk to measure; a folder in it is made and removed.")
    var folder = "."

    @Option(help: "Bytes of each value.")
    var valueBytes = 500

    @Option(help: "Seconds for each number of callers.")
    var seconds = 5

    @Option(help: "Pairs in the store that is opened.")
    var pairs = 20_000

    @Option(help: "Numbers of callers.")
    var callers = [1, 8, 64]

    @Flag(help: "Print one line of JSON in place of the table.")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(valueBytes), (1...3600).contains(seconds), (1...1_000_000).contains(pairs),
            callers.allSatisfy({ (1...10_000).contains($0) })
        else {
            throw ValidationError(
                "--value-bytes and --pairs are 1 to 1000000, --seconds 1 to 3600, --callers 1 to 10000")
        }
    }

    func run() throws {
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { try await measure() }.wait()
    }

    private func measure() async throws {
        let run = try StoreRun(folder: folder, valueBytes: valueBytes, duration: .seconds(seconds))
        defer { run.removeFiles() }
        var result = StoreResult(valueBytes: valueBytes, floor: try run.floor(), pairs: pairs)
        for callers in callers { result.writes.append(try await run.writes(callers: callers)) }
        result.openMilliseconds = try await run.openMilliseconds(pairs: pairs)
        if json { try Output.printJSON(result) } else { result.lines.forEach(Output.printLine) }
    }
}

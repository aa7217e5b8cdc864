import ArgumentParser
import KubeAPI

/// `fairlead-bench decode`: how fast what an API server sends is read.
struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how fast EndpointSlices and Services are read from JSON, in one thread.",
        discussion: """
            The objects are such as an API server writes, with managed fields, labels and annotations, and come as the \
            lines of a watch and as a list, in pieces as of a connection. JSONDecoder reads the same objects in turn, \
            for --rounds rounds; "ratio" is of the watch to it in one round. The table has the medians, JSON their \
            spread, too.
            """)

    @Option(help: "Objects of each kind.")
    var objects = 2_000

    @Option(help: "Endpoints of each EndpointSlice.")
    var endpoints = 10

    @Option(help: "Bytes of each piece.")
    var pieceBytes = 65_536

    @Option(help: "Rounds to measure.")
    var rounds = 5

    @Flag(help: "Print one line of JSON a kind in place of the table.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(objects), (1...1_000).contains(endpoints) else {
            throw ValidationError("--objects is 1 to 100000, --endpoints 1 to 1000")
        }
        guard pieceBytes > 0, (1...1_000).contains(rounds) else {
            throw ValidationError("--piece-bytes is 1 or more, --rounds 1 to 1000")
        }
    }

    func run() throws {
        if !json { Output.printLine(DecodeResult.header) }
        let slices = (0..<objects).map { WireSamples.endpointSlice($0, endpoints: endpoints) }
        try report(DecodeRun<EndpointSlice>(slices).measure(rounds: rounds, pieceBytes: pieceBytes))
        let services = (0..<objects).map(WireSamples.service)
        try report(DecodeRun<Service>(services).measure(rounds: rounds, pieceBytes: pieceBytes))
    }

    private func report(_ result: DecodeResult) throws {
        if json { try Output.printJSON(result) } else { Output.printLine(result.row) }
    }
}

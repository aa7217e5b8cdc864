import ArgumentParser
import FoundationEssentials
import Net
import TestSupport

/// `fairlead-bench serve`: a server that tells its name and the client's address.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer every request with a name and the client's address.",
        discussion: """
            Over TCP it answers an HTTP/1.1 request with the body "Hello, world! from NAME, you are ADDRESS", and any \
            other line with that line. With --udp it answers datagrams on the same ports, too.

            It prints a line once it listens, and ends at SIGTERM or SIGINT with status 0.

            EXAMPLE
              fairlead-bench serve --name hello-server-1 --listen 0.0.0.0:8080 '[::]:8080'
            """)

    @Option(help: "The name to answer with.")
    var name: String

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The addresses and ports to listen on.", valueName: "addr:port"),
        transform: SocketAddress.init(_:))
    var listen: [SocketAddress]

    @Flag(help: "Answer UDP on the same addresses and ports, too.")
    var udp = false

    @Flag(help: "Print the line about what it listens on as JSON.")
    var json = false

    func run() throws {
        let stopSignal = StopSignal()
        let server = try EchoServer(name: name, listen: listen, transports: udp ? [.tcp, .udp] : [.tcp])
        let addresses = server.addresses.map(\.description)
        if json {
            try Output.printJSON(Listening(name: name, listening: addresses))
        } else {
            Output.printLine("\(name) listens on \(addresses.joined(separator: " "))")
        }
        while !stopSignal.wait(seconds: 3600) {}
        server.stop()
    }

    private struct Listening: Encodable {
        var name: String
        var listening: [String]
    }
}

import ArgumentParser
import Net

/// `fairlead explain`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what becomes of a connection on this node, by which rule, and why.",
        discussion: """
            Follows the first packet of a connection through the rules that Fairlead intends, for the Services that have to do \
            with it, and shows each rule that applies until the verdict: to which endpoints it goes, with the share of \
            each, and whether the endpoint sees the client's address; or that it is refused, dropped, or left alone. Each set \
            element and chain on the way is then asked of the kernel, and what differs is shown. Nothing is sent.

            Where --from is an address of this node the connection starts on it, else it comes in from outside.

            JSON
              from, to, protocol, interface, fromThisNode, verdict (sent, refused, dropped, leftAlone, unknown), service, \
            servicePort, frontend (clusterIP, externalAddress, nodePort), decidedBy {chain, comment}, reasons, candidates \
            [{destination, share, masqueraded}], affinity {endpoint, timeoutSeconds}, steps [{chain, comment, conditions, \
            actions}], kernel {lookups, chains, differences}. What is not there is left out.

            EXAMPLES
              fairlead explain --from 10.244.0.5 --to 10.96.0.10:53/UDP
              fairlead explain --from fd00:10:244::5 --to '[fd00:10:96::a]:80'
              fairlead explain --from 192.0.2.7 --to 192.168.9.1:30080 --interface eth0

            EXIT STATUS
              0   The kernel has what is intended, whatever the verdict.
              1   No daemon runs here, or it does not answer.
              2   The kernel has something else.
            """)

    @Option(
        help: ArgumentHelp("The client's address.", valueName: "address"), transform: IPAddress.init(argument:))
    var from: IPAddress

    @Option(
        help: ArgumentHelp(
            "Where it connects to; TCP unless UDP or SCTP follows.", valueName: "address:port[/protocol]"),
        transform: ExplainTarget.init(argument:))
    var to: ExplainTarget

    @Option(
        help: ArgumentHelp(
            "What the packets come in by; needed where pods are known by their interface.", valueName: "name"))
    var interface: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard from.family == to.address.family else {
            throw ValidationError("--from \(from) and --to \(to.address) are of different families")
        }
    }

    func run() throws {
        let answer = try ControlClient.ask(
            .explain(
                ExplainRequest(
                    from: from.description, to: to.address.description, port: to.port,
                    protocol: to.protocol.description, interface: interface)))
        let document = try ControlJSON.decode(ExplainDocument.self, answer)
        output.show(answer, document.text)
        if !document.kernel.differences.isEmpty { throw ExitCode(2) }
    }
}

/// `10.96.0.10:53/UDP`, `[fd00::a]:80`.
struct ExplainTarget: Equatable {
    let address: IPAddress
    let port: UInt16
    let `protocol`: L4Protocol

    init(argument: String) throws {
        let parts = argument.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let proto = L4Protocol(name: parts.count == 2 ? parts[1].uppercased() : "TCP") else {
            throw ValidationError("'\(parts[1])' is not TCP, UDP or SCTP")
        }
        let place = parts[0]
        guard let colon = place.lastIndex(of: ":"), let port = UInt16(place[place.index(after: colon)...]), port > 0
        else {
            throw ValidationError("'\(argument)' is not address:port or address:port/protocol")
        }
        var host = String(place[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        guard let address = IPAddress(parsing: host) else { throw ValidationError("'\(host)' is not an address") }
        guard isBracketed == (address.family == .ipv6) else {
            throw ValidationError("'\(argument)': an IPv6 address is written in brackets, [\(host)]:\(port)")
        }
        self.address = address
        self.port = port
        self.protocol = proto
    }
}

import CNI
import Net
import Netlink
import Synchronization
import TestSupport
import Testing

/// A network namespace in place of a node's, and containers' namespaces with paths. All ends with the lab.
final class WiringLab: Sendable {
    let host: NetworkNamespace
    private let pods = Mutex<[Pod]>([])

    init() throws {
        host = try NetworkNamespace.create()
        try host.run {
            var socket = try RouteSocket()
            try socket.perform(.setLink(.name("lo"), LinkAttributes(isUp: true)))
        }
    }

    /// A new container without a network.
    func pod() throws -> Pod {
        let pod = try Pod()
        pods.withLock { $0.append(pod) }
        return pod
    }

    /// Runs the code under test as a process on the node would.
    func run<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result { try host.run(body) }

    /// What a tool says on the node.
    func tool(_ command: String...) throws -> String { try Tool.run(command, in: host) }

    /// Attaches a new container.
    func attach(_ wiring: WiringConfiguration, _ addresses: String..., routes: [AttachmentResult.Route] = []) throws
        -> Pod
    {
        let pod = try pod()
        try attach(pod, wiring, addresses, routes: routes)
        return pod
    }

    @discardableResult func attach(
        _ pod: Pod, _ wiring: WiringConfiguration, _ addresses: [String], routes: [AttachmentResult.Route] = []
    ) throws -> AttachmentResult {
        let ipam = AttachmentResult(addresses: try addresses.map { try .init(cidr: $0) }, routes: routes)
        return try run { try PodLink(wiring, pod.attachment).attach(PodNamespace(path: pod.path), ipam) }
    }

    /// What `ip` says about everything that an attachment may leave: links, addresses, routes, neighbours. It waits until
    /// the kernel has done with the addresses that it gives links by itself.
    func traces() throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while try tool("ip", "-6", "address").contains("tentative"), ContinuousClock.now < deadline {
            MonotonicClock.pause(nanoseconds: 5_000_000)
        }
        return try ["link", "address", "-4 route show table all", "-6 route show table all", "neighbour"].map { what in
            let lines = try Tool.run(["ip"] + what.split(separator: " ").map(String.init), in: host).split(
                separator: "\n")
            // Times, the order in IPv6, the names of others' namespaces, and who looks for routers change by themselves.
            return lines.filter { !$0.contains("valid_lft") && !$0.contains("Peer netns reference") }
                .filter { !($0.hasPrefix("fe80::") && $0.contains(" lladdr ")) }
                .map { line in line.firstRange(of: " link-netns").map { String(line[..<$0.lowerBound]) } ?? String(line)
                }
                .sorted().joined(separator: "\n")
        }.joined(separator: "\n")
    }

    func expectNoChange(since before: String, _ location: SourceLocation = #_sourceLocation) throws {
        let changes = try changes(since: before)
        #expect(changes == [], sourceLocation: location)
    }

    /// What has come and what has gone since then.
    func changes(since before: String) throws -> [String] {
        let (old, new) = (before.split(separator: "\n"), try traces().split(separator: "\n"))
        return new.filter { !old.contains($0) }.map { "+ \($0)" } + old.filter { !new.contains($0) }.map { "- \($0)" }
    }
}

/// A container: a namespace with a path, and the attachment that the tests make of it.
final class Pod: Sendable {
    private static let count = Atomic<Int>(0)

    private let name: String
    private let handle: Mutex<NetworkNamespace?>
    let attachment: CNI.Attachment

    fileprivate init() throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        name = "fairlead-wiring-\(ownProcessID)-\(number)"
        handle = Mutex(try NamedNetworkNamespace.create(name))
        attachment = Attachment(network: "pods", containerID: "container\(number)", interfaceName: "eth0")
    }

    deinit { try? NamedNetworkNamespace.delete(name) }

    var namespace: NetworkNamespace {
        get throws { try #require(handle.withLock { $0 }, "the container has ended") }
    }

    /// The namespace goes away, as when the container ends.
    func end() throws {
        try NamedNetworkNamespace.delete(name)
        handle.withLock { $0 = nil }
    }

    var path: String { NamedNetworkNamespace.path(name) }

    /// What a tool says in the container.
    func tool(_ command: String...) throws -> String { try Tool.run(command, in: namespace) }

    /// Whether a datagram from here is answered there: one that is lost on the way is not sent again.
    func reaches(_ address: String, timeoutMilliseconds: Int = 10_000) throws -> Bool {
        let outcome = try namespace.probe(
            try IPAddress(address), port: 7, .udp, timeoutMilliseconds: timeoutMilliseconds)
        guard case .answered = outcome else { return false }
        return true
    }

    /// Answers datagrams for as long as the result lives.
    func serve() throws -> EchoServer { try namespace.serve(name, port: 7, transports: [.udp]) }
}

/// Runs `body` while the servers answer.
func serving(_ servers: [EchoServer], _ body: () throws -> Void) throws {
    try body()
    withExtendedLifetime(servers) {}
}

/// Long enough for what comes at once; nothing tells that something never comes.
let neverMilliseconds = 300

extension AttachmentResult.Address {
    /// "10.0.0.2/24" or, with a gateway, "10.0.0.2/24 10.0.0.1".
    init(cidr text: String) throws {
        let words = text.split(separator: " ")
        let parts = words[0].split(separator: "/")
        self.init(
            try IPAddress(String(parts[0])), prefixLength: try #require(Int(parts[1])),
            gateway: words.count > 1 ? try IPAddress(String(words[1])) : nil)
    }
}

extension AttachmentResult.Route {
    static func `default`(_ family: IPFamily) throws -> Self {
        Self(try IPPrefix(family == .ipv4 ? "0.0.0.0/0" : "::/0"))
    }
}

extension WiringConfiguration {
    /// The bridge `cni0` with the gateways' addresses.
    static func bridge(_ change: (inout BridgeConfiguration) -> Void = { _ in }) -> WiringConfiguration {
        var bridge = BridgeConfiguration()
        bridge.isGateway = true
        bridge.isDefaultGateway = true
        change(&bridge)
        var wiring = WiringConfiguration()
        wiring.mode = .bridge(bridge)
        return wiring
    }

    static let ptp = WiringConfiguration()
}

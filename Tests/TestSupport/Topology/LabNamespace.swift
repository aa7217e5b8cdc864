import Net
import Netlink

/// The namespaces of a lab.
package enum LabNamespace {
    private static let always = [
        // Addresses can be used at once.
        ("net.ipv6.conf.all.accept_dad", "0"), ("net.ipv6.conf.default.accept_dad", "0"),
        // The kernel sends few ICMP errors to one host; tests of refusals need each.
        ("net.ipv4.icmp_ratelimit", "0"), ("net.ipv6.icmp.ratelimit", "0"),
        // A server that closes first keeps the connection's addresses for a minute: of thousands of masqueraded ones, some
        // then come from a port that is still kept, and lose their first SYN.
        ("net.ipv4.tcp_max_tw_buckets", "0"),
        // A node that sends a packet back over the link that it came by tells of a shorter way: every packet shall pass node 1.
        ("net.ipv4.conf.all.accept_redirects", "0"), ("net.ipv4.conf.default.accept_redirects", "0"),
        ("net.ipv6.conf.all.accept_redirects", "0"), ("net.ipv6.conf.default.accept_redirects", "0"),
    ]
    private static let forwarding = [("net.ipv4.ip_forward", "1"), ("net.ipv6.conf.all.forwarding", "1")]

    /// The index of `lo` in every namespace.
    package static let loopback: Int32 = 1

    /// A namespace whose loopback is up.
    package static func create(forwards: Bool) throws -> NetworkNamespace {
        let namespace = try NetworkNamespace.create()
        try namespace.run {
            for (name, value) in always + (forwards ? forwarding : []) { try Sysctl.write(name, value) }
            var socket = try RouteSocket()
            try socket.perform(.setLink(.name("lo"), LinkAttributes(isUp: true)))
        }
        return namespace
    }

    /// A veth's second end can only be set up once both are there.
    static func up(_ link: Int32) -> RouteRequest { .setLink(.index(link), LinkAttributes(isUp: true)) }

    /// Both families' addresses, without a network of their own unless `lengths` says otherwise.
    package static func addresses(
        _ address: DualAddress, on link: Int32, lengths: [IPFamily: Int] = [:]
    ) -> [RouteRequest] {
        address.both.map {
            .addAddress(
                InterfaceAddress(
                    $0, prefixLength: lengths[$0.family] ?? $0.family.bitWidth, linkIndex: link,
                    skipsDuplicateDetection: $0.family == .ipv6))
        }
    }
}

extension NetworkNamespace {
    /// Starts a server in this namespace, on all its addresses of both families unless told which.
    package func serve(
        _ name: String, port: UInt16, on addresses: [IPAddress]? = nil, transports: [L4Protocol] = [.tcp, .udp]
    ) throws -> EchoServer {
        let addresses = addresses ?? IPFamily.allCases.map { IPAddress(number: 0, family: $0) }
        return try run {
            try EchoServer(name: name, listen: addresses.map { SocketAddress($0, port: port) }, transports: transports)
        }
    }

    /// Sends one request from this namespace.
    package func probe(
        _ address: IPAddress, port: UInt16, _ transport: L4Protocol = .tcp, timeoutMilliseconds: Int = 5000,
        source: IPAddress? = nil
    ) throws -> Probe.Outcome {
        let probe = Probe(
            SocketAddress(address, port: port), transport, timeoutMilliseconds: timeoutMilliseconds,
            source: source.map { SocketAddress($0, port: 0) })
        return try run { probe.run() }
    }
}

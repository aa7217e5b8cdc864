import Dataplane
import KubeAPI
import Net
import Netlink
import TestSupport
import Testing

@Suite("Traffic counters, with real packets", .networkNamespaces, .fewAtATime)
struct ConntrackCountersTests {
    private func name(_ port: String, _ transport: L4Protocol, _ family: IPFamily) -> ServicePortName {
        ServicePortName(namespace: "default", service: "web", port: port, protocol: transport, family: family)
    }

    /// What the kernel's own table says, by endpoint.
    private func kernelCounts(
        _ lab: TrafficLab, _ web: ServiceFixture, _ transport: L4Protocol, _ family: IPFamily
    ) throws -> [FlowEnd: TrafficCount] {
        let frontends = [
            SocketAddress(web.clusterIP[family], port: 80), SocketAddress(lab.lab.node.address[family], port: 30_080),
        ]
        var counts: [FlowEnd: TrafficCount] = [:]
        for flow in try KernelFlow.all(in: lab.lab.node.namespace, family)
        where flow.protocol == transport.description.lowercased() {
            let destination = SocketAddress(
                try #require(IPAddress(parsing: flow.destination)), port: try #require(UInt16(flow.destinationPort)))
            guard frontends.contains(destination) else { continue }
            let end = FlowEnd(address: try #require(IPAddress(parsing: flow.replySource)), port: Lab.serverPort)
            var count = counts[end] ?? TrafficCount()
            count.connections += 1
            count.open += 1
            count.toEndpoints.packets += flow.packets[0]
            count.toEndpoints.bytes += flow.bytes[0]
            count.fromEndpoints.packets += flow.packets[1]
            count.fromEndpoints.bytes += flow.bytes[1]
            counts[end] = count
        }
        return counts
    }

    private func sum(_ counts: some Sequence<TrafficCount>) -> TrafficCount {
        counts.reduce(into: TrafficCount()) { sum, count in
            sum.connections += count.connections
            sum.open += count.open
            sum.toEndpoints.packets += count.toEndpoints.packets
            sum.toEndpoints.bytes += count.toEndpoints.bytes
            sum.fromEndpoints.packets += count.fromEndpoints.packets
            sum.fromEndpoints.bytes += count.fromEndpoints.bytes
        }
    }

    private func ended(_ traffic: ServicePortTraffic) -> ServicePortTraffic {
        var traffic = traffic
        traffic.total.open = 0
        for end in traffic.endpoints.keys { traffic.endpoints[end]?.open = 0 }
        return traffic
    }

    @Test(
        "Packets and bytes are those of the kernel, of open flows and of ended ones, also over a restart",
        arguments: IPFamily.allCases)
    func counts(family: IPFamily) async throws {
        let lab = try TrafficLab(counting: .endpoints)
        // None ends by itself while the test, on a busy machine, takes its time.
        for timeout in ["udp_timeout", "udp_timeout_stream", "tcp_timeout_time_wait", "tcp_timeout_close"] {
            try lab.lab.node.namespace.run { try Sysctl.write("net.netfilter.nf_conntrack_\(timeout)", "3600") }
        }
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        let flows = lab.fixedFlows(web, family)
        for flow in flows {
            for _ in 0..<7 { #expect(try flow.ask(timeoutMilliseconds: 5000).isAnswer) }
        }
        for place in TrafficLab.Place.standard {
            #expect(try lab.probe(from: place, web.clusterIP[family]).isAnswer)
            #expect(try lab.probe(from: place, lab.lab.node.address[family], 30_080).isAnswer)
        }
        let (udp, tcp) = (name("dgram", .udp, family), name("http", .tcp, family))
        var open: [ServicePortName: ServicePortTraffic] = [:]
        // The last segments of a connection come in their own time.
        try await eventually {
            let before = try [kernelCounts(lab, web, .udp, family), kernelCounts(lab, web, .tcp, family)]
            open = try #require(await lab.proxy.flows.snapshot()).servicePorts
            let after = try [kernelCounts(lab, web, .udp, family), kernelCounts(lab, web, .tcp, family)]
            return before == after && open[udp]?.endpoints == after[0] && open[tcp]?.endpoints == after[1]
        }
        let datagrams = try #require(open[udp])
        // "hello" and a newline, behind 8 bytes of UDP and the network header.
        let count = UInt64(flows.count) * 7
        #expect(datagrams.total.toEndpoints == FlowCount(packets: count, bytes: count * (family == .ipv4 ? 34 : 54)))
        #expect(datagrams.total.fromEndpoints.packets == count)
        #expect(datagrams.total == sum(datagrams.endpoints.values))
        #expect(datagrams.total.open == UInt64(flows.count))
        #expect(open[tcp]?.total.connections == 6)
        #expect(Set(open.keys) == [udp, tcp])
        // The next daemon hears of the end of flows that began before it.
        lab.proxy.stop()
        try await lab.proxy.start()
        try Tool.run("conntrack", "-F", in: lab.lab.node.namespace)
        let afterwards = try #require(await lab.proxy.flows.snapshot())
        #expect(afterwards.servicePorts == open.mapValues(ended))
        #expect(afterwards.overflows == 0)
        // What has gone with its Service is not counted any more.
        await lab.proxy.apply(web.removal)
        #expect(try #require(await lab.proxy.flows.snapshot()).servicePorts.isEmpty)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "Endpoints are counted where that is asked for, and nothing where nothing is",
        arguments: TrafficCounting.allCases)
    func options(counting: TrafficCounting) async throws {
        let lab = try TrafficLab(counting: counting)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        #expect(try lab.probe(from: .pod, web.clusterIP.v4, 80, .udp).isAnswer)
        let settings = try ["acct", "events"].map {
            try Tool.run("cat", "/proc/sys/net/netfilter/nf_conntrack_\($0)", in: lab.lab.node.namespace)
        }
        let snapshot = await lab.proxy.flows.snapshot()
        let traffic = snapshot?.servicePorts[name("dgram", .udp, .ipv4)]
        switch counting {
        case .off:
            #expect(snapshot == nil)
            #expect(settings[0] == "0\n")
        case .servicePorts, .endpoints:
            #expect(settings == ["1\n", "1\n"])
            #expect(traffic?.total.connections == 1)
            #expect(traffic?.endpoints.count == (counting == .endpoints ? 1 : 0))
        }
        lab.proxy.stop()
        #expect(await lab.proxy.flows.snapshot() == nil)
    }

    @Test("Flows that are not to a Service wake nobody and are not counted")
    func others() async throws {
        let lab = try TrafficLab(counting: .servicePorts)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        #expect(try lab.probe(from: .pod, lab.pods[3].address.v4, Lab.serverPort, .udp).isAnswer)
        let lines = (0..<1000).map {
            "-I -p udp -s 198.51.100.1 -d 203.0.113.1 --sport \($0 + 1000) --dport 5353 --timeout 300\n"
        }
        try Tool.run("conntrack", "-R", "-", in: lab.lab.node.namespace, input: lines.joined())
        try await lab.flowsSettled()
        let before = lab.proxy.flows.statistics.listed
        #expect(try #require(await lab.proxy.flows.snapshot()).servicePorts.isEmpty)
        #expect(lab.proxy.flows.statistics.listed == before)
        #expect(lab.proxy.failures == [])
    }
}

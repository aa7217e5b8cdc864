import Glibc
import Net
import Netlink
import Testing

@Suite(.enabled(if: mayMakeNamespaces)) struct ConntrackTests {
    /// Makes entries as `conntrack -I` does: UDP, from port 1000, answered by `server` where that is another.
    private func insert(_ flows: [(from: String, to: String, port: Int, server: String?)]) throws {
        let lines = flows.map { flow in
            let answered = flow.server.map { " -g \($0)" } ?? ""
            return
                "-I -p udp -s \(flow.from) -d \(flow.to) --sport 1000 --dport \(flow.port) --timeout 300\(answered)\n"
        }
        _ = try Tool.run("conntrack", "-R", "-", input: lines.joined())
    }

    private func listed(_ family: String = "ipv4") throws -> [String] {
        try Tool.run("conntrack", "-L", "-f", family, "-o", "id").split(separator: "\n").map(String.init)
            .filter { $0.contains("src=") }
    }

    @Test("The kernel looks for protocol, address, port and translation by itself")
    func filters() throws {
        try inNewNamespace {
            try insert([
                ("10.0.0.1", "10.96.0.1", 53, "10.244.0.1"), ("10.0.0.2", "10.96.0.1", 53, nil),
                ("10.0.0.3", "10.96.0.1", 54, nil), ("10.0.0.4", "10.96.0.2", 53, nil),
                ("fd00::1", "fd96::1", 53, nil), ("fd00::2", "fd96::2", 53, "fd44::1"),
            ])
            _ = try Tool.run(
                "conntrack", "-I", "-p", "tcp", "-s", "10.0.0.5", "-d", "10.96.0.1", "--sport", "1000", "--dport",
                "53", "--timeout", "300", "--state", "ESTABLISHED")
            let (first, second) = (try IPAddress("10.96.0.1"), try IPAddress("10.96.0.2"))
            let cases: [(filter: ConntrackFilter, sources: Set<String>)] = [
                (ConntrackFilter(.ipv4), ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"]),
                (ConntrackFilter(.ipv6), ["fd00::1", "fd00::2"]),
                (ConntrackFilter(.ipv4, .udp), ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]),
                (ConntrackFilter(.ipv4, .tcp), ["10.0.0.5"]),
                (ConntrackFilter(.ipv4, .udp, destination: first), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
                (ConntrackFilter(.ipv4, .udp, destinationPort: 53), ["10.0.0.1", "10.0.0.2", "10.0.0.4"]),
                (ConntrackFilter(.ipv4, .udp, destination: second, destinationPort: 53), ["10.0.0.4"]),
                (ConntrackFilter(.ipv4, destination: second), ["10.0.0.4"]),
                (
                    ConntrackFilter(.ipv6, .udp, destination: try IPAddress("fd96::2"), destinationPort: 53),
                    ["fd00::2"]
                ),
                (ConntrackFilter(.ipv4, onlyTranslated: true), ["10.0.0.1"]),
                (ConntrackFilter(.ipv6, .udp, onlyTranslated: true), ["fd00::2"]),
            ]
            var socket = try ConntrackSocket()
            for (filter, sources) in cases {
                let before = socket.receivedCount
                let found = try socket.flows(filter)
                #expect(Set(found.map(\.original.source.description)) == sources, "\(filter)")
                // The kernel cannot look for IPv6 addresses: here one other has the port.
                let others = filter.family == .ipv6 && filter.destination != nil ? 1 : 0
                #expect(socket.receivedCount - before == sources.count + others, "\(filter)")
            }
            let kernelFilters = socket.kernelFilters
            #expect(kernelFilters)
            let translated = try #require(try socket.flows(ConntrackFilter(.ipv4, onlyTranslated: true)).first)
            #expect(translated.isTranslated)
            #expect(
                translated.original
                    == FlowTuple(.udp, source: try IPAddress("10.0.0.1"), 1000, destination: first, 53))
            #expect(
                translated.reply
                    == FlowTuple(
                        .udp, source: try IPAddress("10.244.0.1"), 53, destination: try IPAddress("10.0.0.1"), 1000))
            #expect(try listed().contains { $0.contains("src=10.0.0.1 ") && $0.hasSuffix("id=\(translated.id)") })
        }
    }

    @Test("An entry is removed, but not another one of the same tuple", arguments: ["ipv4", "ipv6"])
    func deletion(family: String) throws {
        let flow: (String, String, Int, String?) =
            family == "ipv4" ? ("10.0.0.1", "10.96.0.1", 53, "10.244.0.1") : ("fd00::1", "fd96::1", 53, "fd44::1")
        try inNewNamespace {
            var socket = try ConntrackSocket()
            let filter = ConntrackFilter(family == "ipv4" ? .ipv4 : .ipv6)
            try insert([flow, (flow.0, flow.1, 54, nil)])
            let first = try #require(try socket.flows(filter).first { $0.original.destinationPort == 53 })
            #expect(try socket.delete(first))
            #expect(try !socket.delete(first))
            #expect(try listed(family).count == 1)
            // An entry of the same tuple and another number, as its next one has.
            let second = try #require(try socket.flows(filter).first)
            let former = ConntrackFlow(
                original: second.original, reply: second.reply, id: second.id &+ 1, isTranslated: false)
            #expect(try !socket.delete(former))
            #expect(try listed(family).count == 1)
            #expect(try socket.delete(second))
            #expect(try listed(family).isEmpty)
        }
    }

    @Test("The kernel removes what a filter wants by itself, but not by an IPv6 address")
    func deletionInKernel() throws {
        try inNewNamespace {
            var socket = try ConntrackSocket()
            try insert([
                ("10.0.0.1", "10.96.0.1", 53, "10.244.0.1"), ("10.0.0.2", "10.96.0.1", 53, nil),
                ("10.0.0.3", "10.96.0.2", 53, nil), ("10.0.0.4", "10.96.0.1", 54, nil),
                ("fd00::1", "fd96::1", 53, nil),
            ])
            #expect(
                try !socket.deleteInKernel(
                    ConntrackFilter(.ipv6, .udp, destination: try IPAddress("fd96::1"), destinationPort: 53)))
            let filter = ConntrackFilter(
                .ipv4, .udp, destination: try IPAddress("10.96.0.1"), destinationPort: 53)
            // Linux 6.8 and later.
            guard try socket.deleteInKernel(filter) else { return }
            let left = try socket.flows(ConntrackFilter(.ipv4)).map(\.original.source.description)
            #expect(Set(left) == ["10.0.0.3", "10.0.0.4"])
            #expect(try socket.flows(ConntrackFilter(.ipv6)).count == 1)
            #expect(try socket.deleteInKernel(ConntrackFilter(.ipv6, .udp, destinationPort: 53)))
            #expect(try socket.flows(ConntrackFilter(.ipv6)).isEmpty)
            #expect(try socket.flows(ConntrackFilter(.ipv4)).count == 2)
        }
    }

    @Test("The end of translated flows is told, and of no others")
    func events() throws {
        try inNewNamespace {
            var monitor = try ConntrackMonitor()
            var poller = try Poller()
            try poller.add(monitor, token: 1)
            try insert([
                ("10.0.0.1", "10.96.0.1", 53, nil), ("fd00::1", "fd96::1", 53, nil),
                ("10.0.0.2", "10.96.0.1", 53, "10.244.0.1"), ("fd00::2", "fd96::1", 53, "fd44::1"),
            ])
            _ = try Tool.run("conntrack", "-D", "-s", "10.0.0.1")
            _ = try Tool.run("conntrack", "-D", "-f", "ipv6", "-s", "fd00::1")
            #expect(try poller.wait(timeoutMilliseconds: 0) == [])
            _ = try Tool.run("conntrack", "-F")
            #expect(try poller.wait(timeoutMilliseconds: 1000) == [1])
            var ended: [ConntrackFlow] = []
            #expect(try monitor.drain { ended.append($0) } == 0)
            #expect(Set(ended.map(\.reply.source.description)) == ["10.244.0.1", "fd44::1"])
        }
    }

    @Test("Lost events are counted")
    func overflow() throws {
        try inNewNamespace {
            var monitor = try ConntrackMonitor(receiveBufferByteCount: 4096)
            try insert((0..<100).map { ("10.0.1.\($0)", "10.96.0.1", 53, "10.244.0.1") })
            _ = try Tool.run("conntrack", "-F")
            var told = 0
            #expect(try monitor.drain { _ in told += 1 } > 0)
            #expect((1..<100).contains(told))
        }
    }
}

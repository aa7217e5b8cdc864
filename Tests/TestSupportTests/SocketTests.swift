import Net
import TestSupport
import Testing

@Suite("Echo server and probe, on loopback")
struct SocketTests {
    private static let loopbacks = ["127.0.0.1:0", "[::1]:0"]

    @Test(
        "A probe learns the server's name and the address it is seen as", arguments: loopbacks, [L4Protocol.tcp, .udp])
    func answers(listen: String, transport: L4Protocol) throws {
        let server = try EchoServer(name: "one", listen: [SocketAddress(listen)], transports: [transport])
        defer { server.stop() }
        let address = try #require(server.addresses.first)
        #expect(Probe(address, transport).run() == .answered(by: "one", source: address.address))
    }

    @Test("A probe's source address is what the server sees")
    func source() throws {
        let server = try EchoServer(name: "one", listen: [SocketAddress("127.0.0.1:0")])
        defer { server.stop() }
        let probe = Probe(try #require(server.addresses.first), source: try SocketAddress("127.0.0.9:0"))
        #expect(probe.run() == .answered(by: "one", source: try IPAddress("127.0.0.9")))
    }

    @Test("A held connection stays with its server, and the next request after its end opens another")
    func heldConnection() throws {
        let address = try SocketAddress("127.0.0.1:0")
        let first = try EchoServer(name: "one", listen: [address])
        let listening = try #require(first.addresses.first)
        var connection = HeldConnection(Probe(listening))
        for _ in 0..<3 { #expect(connection.ask() == .answered(by: "one", source: listening.address)) }
        first.stop()
        #expect(connection.ask() == .reset)
        let second = try EchoServer(name: "two", listen: [listening])
        defer { second.stop() }
        #expect(connection.ask() == .answered(by: "two", source: listening.address))
    }

    @Test("A stopped server has freed its ports, and a probe is refused", arguments: [L4Protocol.tcp, .udp])
    func refusal(transport: L4Protocol) throws {
        let server = try EchoServer(name: "one", listen: [SocketAddress("127.0.0.1:0")], transports: [transport])
        let address = try #require(server.addresses.first)
        server.stop()
        #expect(Probe(address, transport).run() == .refused)
    }

    @Test("An address in use is an error that names it")
    func addressInUse() throws {
        let server = try EchoServer(name: "one", listen: [SocketAddress("127.0.0.1:0")])
        defer { server.stop() }
        let address = try #require(server.addresses.first)
        let error = #expect(throws: SocketError.self) { try EchoServer(name: "two", listen: [address]) }
        #expect(error?.description == "bind \(address): Address already in use")
    }

    @Test("A probe that nobody answers ends at its time")
    func timeout() throws {
        let silent = try SilentSocket(listen: SocketAddress("127.0.0.1:0"))
        let start = ContinuousClock.now
        #expect(Probe(silent.address, .udp, timeoutMilliseconds: 30).run() == .timedOut)
        #expect(ContinuousClock.now - start >= .milliseconds(29))
    }
}

@Suite("Texts of the test sockets")
struct SocketTextTests {
    @Test("Addresses with ports are parsed and printed", arguments: ["10.96.0.1:80", "[fd00::1]:65535", "0.0.0.0:0"])
    func socketAddress(text: String) throws {
        #expect(try SocketAddress(text).description == text)
    }

    @Test(
        "Other texts are not",
        arguments: ["", ":", "10.96.0.1", "10.96.0.1:", "10.96.0.1:65536", "fd00::1:80", "[fd00::1]", "[10.96.0.1]:80"])
    func badSocketAddress(text: String) {
        #expect(throws: AddressParseError.self) { try SocketAddress(text) }
    }

    @Test("A greeting is found in a line, a datagram and an HTTP response")
    func greeting() throws {
        let greeting = Greeting(name: "hello-server-1", client: try IPAddress("fd00::7"))
        #expect(greeting.text == "Hello, world! from hello-server-1, you are fd00::7\n")
        let response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + greeting.text
        #expect(Greeting(answer: Array(greeting.text.utf8)) == greeting)
        #expect(Greeting(answer: Array(response.utf8)) == greeting)
        #expect(Greeting(answer: Array("HTTP/1.1 502 Bad Gateway\r\n\r\n".utf8)) == nil)
        #expect(Greeting(answer: Array("Hello, world! from x, you are nobody\n".utf8)) == nil)
    }

    @Test(
        "A connection probe times each new connection, and fails when there is none", arguments: [L4Protocol.tcp, .udp])
    func connectionProbe(transport: L4Protocol) throws {
        let loopback = try IPAddress("127.0.0.1")
        // A port that is free: a server had it and has gone.
        let former = try EchoServer(name: "one", listen: [SocketAddress(loopback, port: 0)])
        let port = try #require(former.addresses.first).port
        former.stop()
        let client = try IPAddress("127.0.0.9")
        let probe = ConnectionProbe(
            SocketAddress(loopback, port: port), from: client, transport, timeoutMilliseconds: 5000)
        let server = try ConnectionServer(port: port, addresses: [loopback], backlog: 100)
        // A reset leaves nothing behind that would keep the port.
        for _ in 0..<3 { #expect(try probe.measure(sourcePort: 4000) > 0) }
        server.stop()
        #expect(throws: SocketError.self) { try probe.measure(sourcePort: 4000) }
    }
}

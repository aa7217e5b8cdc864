import Testing

@testable import KubeClient

@Suite struct ProxyGreetingTests {
    private static let target = KubeServer(usesTLS: true, host: "kube.test", port: 6443)

    private static func greeting(
        _ scheme: ProxyServer.Scheme, _ target: KubeServer = target, login: ProxyServer.Login? = nil
    ) -> ProxyGreeting {
        ProxyGreeting(ProxyServer(scheme, host: "proxy", port: 1, login: login), target: target)
    }

    /// Hands over the bytes one by one, and returns what comes of it and what is left.
    private static func steps(
        _ greeting: inout ProxyGreeting, _ bytes: [UInt8]
    ) throws(ProxyGreeting.Refusal) -> (steps: [ProxyGreeting.Step], rest: [UInt8]) {
        var received: [UInt8] = []
        var steps: [ProxyGreeting.Step] = []
        for byte in bytes {
            received.append(byte)
            let step = try greeting.answer(to: &received)
            if step != .wait { steps.append(step) }
        }
        return (steps, received)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n", "HTTP/1.1 204\r\n\r\n",
        "HTTP/1.1 200 \n\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ])
    func anAnswerOfSuccessConnectsWhereItEnds(answer: String) throws {
        var greeting = Self.greeting(.http)
        let (steps, rest) = try Self.steps(&greeting, Array(answer.utf8))
        #expect(steps == [.connected] && rest.isEmpty)
    }

    @Test(arguments: [
        ("HTTP/1.1 407 Login\r\n\r\n", ProxyGreeting.Refusal.wantsLogin),
        ("HTTP/1.1 503 Away\r\nA: b\r\n\r\n", .refused("503 Away")),
        ("HTTP/1.1\r\n\r\n", .malformed), ("HTTP/2 200 OK\r\n\r\n", .malformed), ("HTTP/1.1 20x\r\n\r\n", .malformed),
        ("HTTP/1.1 -20 x\r\n\r\n", .malformed), ("\r\n\r\n", .malformed),
        (String(repeating: "x", count: 16 << 10), .malformed),
    ])
    func anyOtherAnswerIsARefusal(answer: String, refusal: ProxyGreeting.Refusal) {
        #expect(throws: refusal) {
            var greeting = Self.greeting(.https)
            _ = try Self.steps(&greeting, Array(answer.utf8))
        }
    }

    @Test func namesAndAddressesAreAskedForAsTheyAre() throws {
        let prefix: [UInt8] = [5, 1, 0]
        for (host, address) in [
            ("kube.test", [3, 9] + Array("kube.test".utf8)), ("10.1.2.3", [1, 10, 1, 2, 3]),
            ("fd00::1", [4, 0xFD, 0] + Array(repeating: 0, count: 13) + [1]),
        ] as [(String, [UInt8])] {
            var greeting = Self.greeting(.socks5, KubeServer(usesTLS: true, host: host, port: 6443))
            #expect(greeting.opening == [5, 1, 0])
            let steps = try Self.steps(&greeting, [5, 0]).steps
            #expect(steps == [.send(prefix + address + [0x19, 0x2B])])
        }
        let server = KubeServer(usesTLS: true, host: "fd00::1", port: 6443)
        let head = String(decoding: Self.greeting(.http, server).opening, as: UTF8.self)
        #expect(head == "CONNECT [fd00::1]:6443 HTTP/1.1\r\nHost: [fd00::1]:6443\r\n\r\n")
    }

    @Test(
        arguments: [
            [5, 0, 0, 1, 10, 0, 0, 1, 0, 80], [5, 0, 0, 3, 2, 0x61, 0x62, 0, 80],
            [5, 0, 0, 4] + Array(repeating: 7, count: 18),
        ] as [[UInt8]])
    func aReplyOfSuccessConnectsWhereItEnds(reply: [UInt8]) throws {
        var greeting = Self.greeting(.socks5, login: .init(username: "a", password: Secret("bc")))
        #expect(greeting.opening == [5, 2, 0, 2])
        #expect(try Self.steps(&greeting, [5, 2]).steps == [.send([1, 1, 0x61, 2, 0x62, 0x63])])
        #expect(try Self.steps(&greeting, [1, 0]).steps.count == 1)
        let (steps, rest) = try Self.steps(&greeting, reply)
        #expect(steps == [.connected] && rest.isEmpty)
    }

    @Test(
        arguments: [
            ([4, 0], ProxyGreeting.Refusal.malformed), ([5, 0xFF], .wantsLogin), ([5, 2], .wantsLogin),
            ([5, 0, 5, 5], .refused("connection refused")), ([5, 0, 5, 99], .refused("SOCKS error 99")),
            ([5, 0, 5, 0, 0, 9, 9], .malformed), ([5, 0, 4, 0], .malformed),
        ] as [([UInt8], ProxyGreeting.Refusal)])
    func anyOtherReplyIsARefusal(reply: [UInt8], refusal: ProxyGreeting.Refusal) {
        #expect(throws: refusal) {
            var greeting = Self.greeting(.socks5)
            _ = try Self.steps(&greeting, reply)
        }
    }
}

import CLinux
import CNftnl
import Glibc
import Net
import Testing

@testable import Netlink

/// Whatever bytes come in place of the kernel's replies, reading them ends, and without a crash.
@Suite struct HostileReplyTests {
    @Test(.enabled(if: mayMakeNamespaces)) func everyPrefixOfRealReplies() throws {
        for reply in try realReplies() {
            let whole = read(reply[...])
            #expect(whole > 0)
            for length in 0..<min(reply.count, 800) { #expect(read(reply[..<length]) <= whole) }
        }
    }

    @Test(.enabled(if: mayMakeNamespaces)) func flippedBytesOfRealReplies() throws {
        var generator = SplitMix(state: 1)
        for reply in try realReplies() {
            for _ in 0..<100 {
                var bytes = reply
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                _ = read(bytes[...])
            }
        }
    }

    @Test func randomBytes() {
        var generator = SplitMix(state: 2)
        for _ in 0..<2000 {
            let length = Int.random(in: 0...200, using: &generator)
            var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = read(bytes[...])
            // With a plausible header, the payload is looked at.
            if length >= 16 {
                bytes.replaceSubrange(0..<4, with: [UInt8(length), 0, 0, 0])
                bytes.replaceSubrange(
                    4..<6, with: [[16, 20, 24, 28, 32, 2, 0].randomElement(using: &generator) ?? 0, 0])
                _ = read(bytes[...])
            }
        }
    }

    @Test(arguments: 0...3) func attributesShorterThanTheirHeaderEndTheList(_ length: UInt8) {
        let bytes: [UInt8] = [8, 0, 1, 0, 1, 2, 3, 4, length, 0, 2, 0, 8, 0, 3, 0, 1, 2, 3, 4]
        #expect(NetlinkAttributes(bytes[...]).map { $0.type } == [1])
    }

    @Test func attributesLongerThanTheRestEndTheList() {
        let bytes: [UInt8] = [4, 0, 1, 0, 9, 0, 2, 0, 1, 2, 3, 4]
        #expect(NetlinkAttributes(bytes[...]).map { $0.type } == [1])
        // The last one need not be padded.
        #expect(NetlinkAttributes([5, 0, 1, 0, 7][...]).map { Array($0.value) } == [[7]])
        #expect(NetlinkAttributes([4, 0, 1][...]).map { $0.type } == [])
    }

    @Test func messageOfNoLengthEndsTheDatagram() {
        #expect(NetlinkMessages([UInt8](repeating: 0, count: 64)[...]).map { $0.type } == [])
    }

    @Test func acknowledgementOfTheLowestNumber() throws {
        let buffer = MessageBuffer()
        var error = nlmsgerr()
        error.error = .min
        buffer.appendMessage(type: Int(NLMSG_ERROR), flags: 0, error)
        let message = try #require(NetlinkMessages([UInt8](buffer.bytes)[...]).first { _ in true })
        #expect(NetlinkAcknowledgement(message)?.errno == .max)
    }

    /// Puts the bytes through every reader and counts what came of it.
    private func read(_ datagram: ArraySlice<UInt8>) -> Int {
        var count = 0
        for message in NetlinkMessages(datagram) {
            count += 1
            let results: [Any?] = [
                NetlinkAcknowledgement(message), Link(message), InterfaceAddress(message), Route(message),
                Neighbour(message), RoutingRule(message), NFTTable(message),
            ]
            count += results.count { $0 != nil }
            for attribute in NetlinkAttributes(message.payload) {
                count += attribute.nested.reduce(0) { n, _ in n + 1 }
            }
        }
        return count
    }

    /// Lists of each kind and an error with its attributes, as the kernel of the machine writes them.
    private func realReplies() throws -> [[UInt8]] {
        try inNewNamespace {
            var route = try RouteSocket()
            try route.perform([
                .addLink(.veth("host0", peer: "eth0", mtu: 1500, index: 101)),
                .setLink(.name("lo"), LinkAttributes(isUp: true)),
                .setNeighbour(
                    Neighbour(try IPAddress("10.0.0.9"), linkIndex: 101, macAddress: MACAddress(bits: 1))),
                .addRule(RoutingRule(.ipv4, priority: 1, table: 100, mark: .init(1))),
            ])
            var requests: [[UInt8]] = []
            func dump(_ type: Int, _ header: some BitwiseCopyable, flags: Int32 = NLM_F_DUMP) {
                let buffer = MessageBuffer()
                buffer.appendMessage(type: type, flags: flags, header)
                requests.append([UInt8](buffer.bytes))
            }
            dump(RTM_GETLINK, ifinfomsg())
            dump(RTM_GETADDR, ifaddrmsg())
            dump(RTM_GETROUTE, rtmsg(family: AF_INET))
            dump(RTM_GETNEIGH, ndmsg())
            dump(RTM_GETRULE, fib_rule_hdr())
            dump(RTM_DELLINK, ifinfomsg(), flags: NLM_F_ACK)
            return try requests.map { try firstReply(to: $0) }
        }
    }

    private func firstReply(to request: [UInt8]) throws -> [UInt8] {
        var socket = try NetlinkSocket(family: NETLINK_ROUTE, receiveBufferByteCount: 1 << 20)
        let buffer = MessageBuffer()
        buffer.append(request)
        try socket.send([buffer.piece])
        var reply = NetlinkSocket.answerBuffer()
        guard case .datagram(let length) = try socket.receive(into: &reply) else { return [] }
        return Array(reply[..<length])
    }
}

extension rtmsg {
    fileprivate init(family: Int32) {
        self.init()
        rtm_family = UInt8(family)
    }
}

/// A generator that gives the same numbers on each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

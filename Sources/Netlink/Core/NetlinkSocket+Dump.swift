import CLinux
import Glibc

extension NetlinkSocket {
    /// How often a list is asked for anew when it changed while the kernel wrote it.
    private static var dumpAttempts: Int { 10 }

    /// Sends the one request of `request`, which asks for a list, and returns what `decode` makes of its messages.
    ///
    /// - Throws: `NetlinkError` about `object`: the kernel's refusal, or `EAGAIN` when the list changed under each
    ///   of several attempts.
    mutating func dump<Element>(
        _ request: MessageBuffer, _ object: String, _ decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> [Element] {
        for _ in 0..<Self.dumpAttempts {
            if let list = try dumpOnce(request, object, decode) { return list }
        }
        throw NetlinkError(
            errno: EAGAIN, kernelMessage: "it changed during each of \(Self.dumpAttempts) lists", object: object)
    }

    /// Nil when the list is torn: it changed under way, or datagrams were dropped.
    private mutating func dumpOnce<Element>(
        _ request: MessageBuffer, _ object: String, _ decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> [Element]? {
        let own = takeSequence(1)
        _ = request.number(from: own)
        try send([request.piece])
        var list: [Element] = []
        var isTorn = false
        var reply: [UInt8] = []
        while true {
            switch try receive(into: &reply, waiting: true) {
            case .empty: continue
            case .overflow: return nil
            case .datagram(let length):
                for message in NetlinkMessages(reply[..<length]) where message.sequence == own {
                    if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isTorn = true }
                    if let answer = NetlinkAcknowledgement(message), answer.errno != 0 {
                        throw NetlinkError(errno: answer.errno, kernelMessage: answer.message, object: object)
                    }
                    if message.type == UInt16(NLMSG_DONE) {
                        // The kernel's verdict on the dump follows the header, negative for an error.
                        if let status = message.payload.load(Int32.self), status < 0, status > -4096 {
                            throw NetlinkError(errno: -status, object: object)
                        }
                        return isTorn ? nil : list
                    }
                    if let element = decode(message) { list.append(element) }
                }
            }
        }
    }
}

import CLinux
import Glibc

extension NetlinkSocket {
    /// How often a list is asked for anew when it changed while the kernel wrote it.
    private static var dumpAttempts: Int { 10 }

    /// Sends the one request of `request`, which asks for a list, and returns what `decode` makes of its messages.
    ///
    /// - Parameter acceptsTorn: A list that lacks what came or went meanwhile is better than none.
    /// - Throws: `NetlinkError` about `object`: the kernel's refusal, or `EAGAIN` when the list changed under each
    ///   of several attempts.
    mutating func dump<Element>(
        _ request: MessageBuffer, _ object: String, acceptsTorn: Bool = false, _ decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> [Element] {
        for _ in 0..<Self.dumpAttempts {
            if let list = try dumpOnce(request, object, acceptsTorn: acceptsTorn, decode) { return list }
        }
        throw NetlinkError(
            errno: EAGAIN, kernelMessage: "it changed during each of \(Self.dumpAttempts) lists", object: object)
    }

    /// Nil when the list is torn: it changed under way, unless that is accepted, or datagrams were dropped.
    private mutating func dumpOnce<Element>(
        _ request: MessageBuffer, _ object: String, acceptsTorn: Bool, _ decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> [Element]? {
        let own = takeSequence(1)
        _ = request.number(from: own)
        try send([request.piece])
        var list: [Element] = []
        var isTorn = false
        var reply = takeAnswers()
        while true {
            switch try receive(into: &reply) {
            // Without its end the list is torn, too.
            case .empty, .overflow: return nil
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
                        keep(reply)
                        return isTorn && !acceptsTorn ? nil : list
                    }
                    if let element = decode(message) { list.append(element) }
                }
            }
        }
    }

    /// Sends the requests of `requests` at once, which the kernel carries out one after the other, and hands what it
    /// answers to `receive`. A failure does not keep the kernel from those that follow.
    ///
    /// - Parameter accepts: Whether that request may end with that `errno`, as if it had not failed.
    /// - Throws: `NetlinkError` of the first request that failed; `name` says what it was about.
    mutating func exchange(
        _ requests: MessageBuffer, count: Int,
        accepts: (_ index: Int, _ errno: Int32) -> Bool = { _, _ in false }, name: (Int) -> String,
        receive: (NetlinkMessage) -> Void = { _ in }
    ) throws(NetlinkError) {
        guard count > 0 else { return }
        let first = takeSequence(count)
        let last = requests.number(from: first, acknowledged: true) - 1
        try send([requests.piece])
        var failure: NetlinkError?
        var reply = takeAnswers()
        while true {
            switch try self.receive(into: &reply) {
            case .overflow: continue
            case .empty: throw failure ?? NetlinkError(errno: ENOBUFS, object: "\(name(count - 1)), answer lost")
            case .datagram(let length):
                for message in NetlinkMessages(reply[..<length]) where (first...last).contains(message.sequence) {
                    guard let answer = NetlinkAcknowledgement(message) else {
                        receive(message)
                        continue
                    }
                    let index = Int(message.sequence - first)
                    if answer.errno != 0, failure == nil, !accepts(index, answer.errno) {
                        failure = NetlinkError(
                            errno: answer.errno, kernelMessage: answer.message, object: name(index),
                            requestIndex: index)
                    }
                    guard message.sequence == last else { continue }
                    if let failure { throw failure }
                    keep(reply)
                    return
                }
            }
        }
    }
}

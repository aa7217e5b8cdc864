import Net

/// Answers the first packet of SCTP associations with a greeting, as an `EchoServer` does for TCP and UDP: its name and the
/// source address that it sees are the state cookie of its acknowledgement.
package final class SCTPServer: Sendable {
    package let name: String
    private let wakeUp: WakeUp
    private let thread: JoinableThread

    /// Answers in the network namespace of the calling thread, on all addresses.
    ///
    /// - Throws: `SocketError` without root.
    package init(name: String, port: UInt16) throws(SocketError) {
        let sockets = [try Socket(raw: .sctp, .ipv4), try Socket(raw: .sctp, .ipv6)]
        let wakeUp = try WakeUp()
        self.name = name
        self.wakeUp = wakeUp
        thread = try JoinableThread {
            let descriptors = [wakeUp.descriptor] + sockets.map(\.descriptor)
            while true {
                let ready = waitReady(readable: descriptors, timeoutMilliseconds: -1)
                if ready.first == 0 { return }
                for index in ready { Self.answer(on: sockets[index - 1], name: name, port: port) }
            }
        }
    }

    private static func answer(on socket: Socket, name: String, port: UInt16) {
        while let (packet, sender) = socket.receiveSCTP() {
            guard packet.chunk == .initiation, packet.destinationPort == port else { continue }
            let answer = SCTPPacket(
                sourcePort: port, destinationPort: packet.sourcePort, verificationTag: packet.initiateTag,
                chunk: .initiationAcknowledgement, initiateTag: 1,
                cookie: Array(Greeting(name: name, client: sender).text.utf8))
            socket.send(answer.bytes, to: SocketAddress(sender, port: 0))
        }
    }

    package func stop() {
        wakeUp.signal()
        thread.join()
    }

    deinit { stop() }
}

extension Socket {
    /// The next packet that opens an association, and who sent it; nil when none waits.
    func receiveSCTP() -> (SCTPPacket, IPAddress)? {
        while case .bytes(let bytes, let sender?) = receive() {
            // A raw IPv4 socket gives the IP header, too (raw(7)).
            let header = sender.address.family == .ipv4 ? Int(bytes[0] & 15) * 4 : 0
            if let packet = SCTPPacket(bytes.dropFirst(header)) { return (packet, sender.address) }
        }
        return nil
    }
}

extension Probe {
    /// One association that is asked for, in place of a request.
    func runSCTP(deadline: ContinuousClock.Instant) -> Outcome {
        do throws(SocketError) {
            let socket = try Socket(raw: .sctp, target.address.family)
            if let source { try socket.bind(to: SocketAddress(source.address, port: 0)) }
            // Connected, the socket hears of ICMP errors.
            let code = socket.connect(to: SocketAddress(target.address, port: 0))
            guard code == 0 else { return Self.outcome(errno: code) }
            let packet = SCTPPacket(
                sourcePort: UInt16.random(in: 32_768...60_999), destinationPort: target.port, chunk: .initiation,
                initiateTag: UInt32.random(in: 1 ... .max))
            let sent = socket.send(packet.bytes)
            guard sent == 0 else { return Self.outcome(errno: sent) }
            while true {
                let left = Self.millisecondsLeft(until: deadline)
                if waitReady(readable: [socket.descriptor], timeoutMilliseconds: left).isEmpty { return .timedOut }
                // First, as reading would take it as well.
                let error = socket.takeError()
                if error != 0 { return Self.outcome(errno: error) }
                guard let (answer, _) = socket.receiveSCTP() else { continue }
                let isOurs =
                    answer.destinationPort == packet.sourcePort && answer.sourcePort == target.port
                    && answer.verificationTag == packet.initiateTag
                if isOurs { return Self.outcome(answer: answer.cookie) }
            }
        } catch {
            return .failed(errno: error.code)
        }
    }
}

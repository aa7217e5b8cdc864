import Glibc
import Net

/// One request to one address over a new connection (a new socket, for UDP), and what came of it.
package struct Probe: Sendable {
    /// What came of a request.
    package enum Outcome: Hashable, Sendable {
        /// A server answered: its name, and the source address that it saw.
        case answered(by: String, source: IPAddress)
        /// A TCP reset to the SYN, or an ICMP port unreachable.
        case refused
        /// No answer within the time.
        case timedOut
        /// The connection ended before the answer was there.
        case reset
        /// Any other error, such as `EHOSTUNREACH`.
        case failed(errno: Int32)
    }

    package var target: SocketAddress
    package var transport: L4Protocol
    /// For the whole of connecting, asking and reading the answer.
    package var timeoutMilliseconds: Int
    /// Binds the socket to this address first, port 0 for any.
    package var source: SocketAddress?

    package init(
        _ target: SocketAddress, _ transport: L4Protocol = .tcp, timeoutMilliseconds: Int = 1000,
        source: SocketAddress? = nil
    ) {
        self.target = target
        self.transport = transport
        self.timeoutMilliseconds = timeoutMilliseconds
        self.source = source
    }

    /// Asks from the network namespace of the calling thread, which waits for the outcome.
    package func run() -> Outcome {
        let deadline = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
        // The server is told to close first: the state that outlives a connection is then its, and not a port of ours.
        let request = transport == .udp ? "hello\n" : "GET / HTTP/1.1\r\nHost: \(target)\r\nConnection: close\r\n\r\n"
        if transport == .sctp { return runSCTP(deadline: deadline) }
        switch connect(deadline: deadline) {
        case .failure(let outcome): return outcome
        case .socket(let socket):
            return exchange(request, on: socket, answerEnd: transport == .udp ? .line : .close, deadline: deadline)
        }
    }

    enum Connected {
        case socket(Socket)
        case failure(Outcome)
    }

    /// What tells that an answer is whole.
    enum AnswerEnd {
        case line
        case close
    }

    func connect(deadline: ContinuousClock.Instant) -> Connected {
        do throws(SocketError) {
            let socket = try Socket(transport, target.address.family)
            if let source { try socket.bind(to: source) }
            var code = socket.connect(to: target)
            if code == EINPROGRESS {
                let left = Self.millisecondsLeft(until: deadline)
                if waitReady(readable: [], writable: [socket.descriptor], timeoutMilliseconds: left).isEmpty {
                    return .failure(.timedOut)
                }
                code = socket.takeError()
            }
            return code == 0 ? .socket(socket) : .failure(Self.outcome(errno: code))
        } catch {
            return .failure(.failed(errno: error.code))
        }
    }

    func exchange(
        _ request: String, on socket: Socket, answerEnd: AnswerEnd, deadline: ContinuousClock.Instant
    ) -> Outcome {
        let code = socket.send(Array(request.utf8))
        if code != 0 { return Self.outcome(errno: code) }
        var answer: [UInt8] = []
        while true {
            let left = Self.millisecondsLeft(until: deadline)
            if waitReady(readable: [socket.descriptor], timeoutMilliseconds: left).isEmpty { return .timedOut }
            switch socket.receive() {
            case .none: continue
            case .failed(let code): return Self.outcome(errno: code)
            case .end: return answerEnd == .close ? Self.outcome(answer: answer) : .reset
            case .bytes(let bytes, _):
                answer += bytes
                if answerEnd == .line, answer.last == UInt8(ascii: "\n") { return Self.outcome(answer: answer) }
            }
        }
    }

    static func outcome(answer: [UInt8]) -> Outcome {
        guard let greeting = Greeting(answer: answer) else { return .reset }
        return .answered(by: greeting.name, source: greeting.client)
    }

    static func outcome(errno code: Int32) -> Outcome {
        switch code {
        case ECONNREFUSED: .refused
        case ECONNRESET, EPIPE: .reset
        case ETIMEDOUT: .timedOut
        default: .failed(errno: code)
        }
    }

    static func millisecondsLeft(until deadline: ContinuousClock.Instant) -> Int {
        let left = ContinuousClock.now.duration(to: deadline).components
        let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
        return max(Int(milliseconds), 0)
    }
}

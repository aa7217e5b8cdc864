import Logging
import Netlink
import Synchronization

/// Answers operators' commands, on a thread of its own, one after the other.
final class ControlServer: Sendable {
    private enum Token {
        static let wakeUp: UInt64 = 0
        static let listener: UInt64 = 1
    }

    /// A command writes its line at once.
    private static let readTimeoutMilliseconds = 1000
    private static let writeTimeoutMilliseconds = 10_000

    private let wakeUp: EventFD
    private let isStopping = Mutex(false)
    private let thread: Mutex<NamedThread?> = Mutex(nil)
    private let listener: ControlListener
    private let poller: Mutex<Poller>
    private let answer: @Sendable (ControlRequest) -> [UInt8]

    private init(answer: @escaping @Sendable (ControlRequest) -> [UInt8]) throws {
        let listener = try ControlListener(name: ControlRequest.socketName)
        let wakeUp = try EventFD()
        var poller = try Poller()
        try poller.add(wakeUp, token: Token.wakeUp)
        try poller.add(listener, token: Token.listener)
        self.listener = listener
        self.wakeUp = wakeUp
        self.poller = Mutex(poller)
        self.answer = answer
    }

    /// Listens in the network namespace of the calling thread.
    ///
    /// - Parameter answer: called on the server's thread; returns a JSON document.
    /// - Throws: `SystemError`, with `EADDRINUSE` when another process has the socket's name there.
    static func start(answer: @escaping @Sendable (ControlRequest) -> [UInt8]) throws -> ControlServer {
        let server = try ControlServer(answer: answer)
        try server.thread.withLock { $0 = try NamedThread(name: "fairlead-control") { server.run() } }
        return server
    }

    /// Ends the thread after the answer that is under way, and waits for it.
    func stop() {
        isStopping.withLock { $0 = true }
        wakeUp.signal()
        thread.withLock { $0.take() }?.join()
    }

    private func run() {
        while !isStopping.withLock({ $0 }) {
            guard (try? poller.withLock { try $0.wait() }) != nil else { return }
            while !isStopping.withLock({ $0 }), let connection = listener.accept() { serve(connection) }
        }
    }

    /// What a peer does wrong, or that it goes away, is its own affair.
    private func serve(_ connection: consuming ControlConnection) {
        guard let peer = connection.peer, peer.isTrusted else {
            return reply(ControlJSON.encode(ControlError("only root and the daemon's user may ask")), connection)
        }
        do {
            let line = try connection.readLine(
                maximumByteCount: ControlRequest.maximumByteCount,
                timeoutMilliseconds: Self.readTimeoutMilliseconds)
            reply(answer(try ControlJSON.decode(ControlRequest.self, line)), connection)
        } catch let error as SystemError {
            reply(ControlJSON.encode(ControlError(error.description)), connection)
        } catch {
            reply(ControlJSON.encode(ControlError("not a request of this version: \(error)")), connection)
        }
    }

    private func reply(_ answer: [UInt8], _ connection: borrowing ControlConnection) {
        try? connection.write(
            answer + [UInt8(ascii: "\n")], timeoutMilliseconds: Self.writeTimeoutMilliseconds)
    }
}

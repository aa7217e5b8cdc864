import Netlink

/// Asks the daemon of this network namespace.
enum ControlClient {
    /// A cluster's worth of Services with endpoints is some tens of megabytes.
    private static let maximumByteCount = 512 << 20
    private static let timeoutMilliseconds = 30_000

    /// The answer, as it came.
    ///
    /// - Throws: `ControlError`, also with what the daemon says is wrong; `SystemError` when it does not answer.
    static func ask(_ request: ControlRequest) throws -> [UInt8] {
        guard let connection = try ControlConnection.connect(to: ControlRequest.socketName) else {
            throw ControlError("no Fairlead daemon runs in this network namespace")
        }
        // Whoever is in the namespace could have taken the name before the daemon.
        guard let peer = connection.peer, peer.isTrusted else {
            throw ControlError("what answers in this network namespace is neither root's nor yours")
        }
        // A daemon that refuses to talk may have closed by now: its answer says so.
        try? connection.write(
            ControlJSON.encode(request) + [UInt8(ascii: "\n")], timeoutMilliseconds: timeoutMilliseconds)
        let answer = try connection.readAll(
            maximumByteCount: maximumByteCount, timeoutMilliseconds: timeoutMilliseconds)
        if let error = try? ControlJSON.decode(ControlError.self, answer) { throw error }
        guard !answer.isEmpty else { throw ControlError("the daemon closed the connection without an answer") }
        return answer
    }
}

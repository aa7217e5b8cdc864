import CLinux
import Glibc
import Netlink
import Synchronization

/// A process of ours that is spoken to in lines, over one socket that is its standard input and output.
package final class ChildProcess: Sendable {
    private let process: pid_t
    private let socket: OwnedDescriptor
    private let received = Mutex<[UInt8]>([])
    private let isReaped = Atomic(false)

    /// Starts a program in a network namespace.
    ///
    /// - Throws: `SocketError`, or what entering the namespace throws.
    package init(_ command: [String], in namespace: NetworkNamespace) throws {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw SocketError(operation: "socketpair", code: errno)
        }
        let mine = try OwnedDescriptor(checking: ends[0], "socketpair")
        let theirs = try OwnedDescriptor(checking: ends[1], "socketpair")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for number in [STDIN_FILENO, STDOUT_FILENO] {
            posix_spawn_file_actions_adddup2(&actions, theirs.rawValue, number)
        }
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        // A child has the namespace of the thread that starts it.
        process = try namespace.run {
            var process = pid_t()
            let code = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
            guard code == 0 else { throw SocketError(operation: "start of \(command[0])", code: code) }
            return process
        }
        socket = mine
    }

    /// The kernel's number of it.
    package var processID: Int32 { process }

    deinit { kill() }

    /// Sends a line, and waits while the process has too many to read. False when it has ended.
    @discardableResult
    package func send(line: [UInt8]) -> Bool {
        var rest = (line + [UInt8(ascii: "\n")])[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(count, 0))
        }
        return true
    }

    /// The next line that the process has written; nil when none comes within the time, or it has ended.
    package func receiveLine(timeoutMilliseconds: Int) -> String? {
        received.withLock { received in
            while true {
                if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = String(decoding: received[..<end], as: UTF8.self)
                    received.removeSubrange(...end)
                    return line
                }
                if waitReady(readable: [socket.rawValue], timeoutMilliseconds: timeoutMilliseconds).isEmpty {
                    return nil
                }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = read(socket.rawValue, &bytes, bytes.count)
                if count <= 0 { return nil }
                received += bytes.prefix(count)
            }
        }
    }

    /// SIGKILL, and waits for the end. Nothing happens when it has ended so before.
    package func kill() {
        guard !isReaped.exchange(true, ordering: .relaxed) else { return }
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }
}

/// Reads standard input line by line until its end.
package func readStandardInput(_ body: (ArraySlice<UInt8>) throws -> Void) rethrows {
    var input: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        input += bytes.prefix(count)
        var start = input.startIndex
        while let end = input[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try body(input[start..<end])
            start = end + 1
        }
        input.removeSubrange(..<start)
    }
}

import Netlink

/// A directory of lease files: errors become the plugin's, and each change can be the last one of a process in a test.
final class LeaseFolder {
    let network: String
    private let directory: Directory
    private let environment: LeaseEnvironment

    init(_ directory: consuming Directory, network: String, _ environment: LeaseEnvironment) {
        self.directory = directory
        self.network = network
        self.environment = environment
    }

    /// Waits for the lock, which goes with this folder.
    func lock() throws(CNIError) {
        try wrap { () throws(SystemError) in try directory.lock() }
    }

    func open(_ name: String) throws(CNIError) -> LeaseFile? {
        guard let file = try wrap({ () throws(SystemError) in try directory.openFile(name) }) else { return nil }
        return LeaseFile(file, in: self)
    }

    /// Opens a file, and makes it where it lacks.
    func make(_ name: String) throws(CNIError) -> LeaseFile {
        let file = try change { () throws(SystemError) in try directory.openFile(name, creating: true) }
        guard let file else { throw Self.interrupted }
        return LeaseFile(file, in: self)
    }

    func openFolder(_ name: String) throws(CNIError) -> LeaseFolder? {
        let found = try wrap { () throws(SystemError) in try directory.openDirectory(name) }
        guard let found else { return nil }
        return LeaseFolder(found, network: network, environment)
    }

    func makeFolder(_ name: String) throws(CNIError) {
        try change { () throws(SystemError) in try directory.makeDirectory(name) }
    }

    func removeFolder(_ name: String) throws(CNIError) {
        try change { () throws(SystemError) in try directory.removeDirectory(name) }
    }

    func rename(_ name: String, to newName: String) throws(CNIError) {
        try change { () throws(SystemError) in try directory.rename(name, to: newName) }
    }

    func names() throws(CNIError) -> [String] {
        try wrap { () throws(SystemError) in try directory.names() }
    }

    /// How many bytes of a change may still be made.
    func allowance(_ byteCount: Int) -> Int { environment.interruption?(byteCount) ?? byteCount }

    /// A change that happens whole or not at all.
    func change<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(CNIError) -> Result {
        guard allowance(1) == 1 else { throw Self.interrupted }
        return try wrap(body)
    }

    func wrap<Result: ~Copyable>(_ body: () throws(SystemError) -> Result) throws(CNIError) -> Result {
        do throws(SystemError) { return try body() } catch {
            throw CNIError(.ioFailure, "the addresses of network \(network): \(error)")
        }
    }

    /// Where a process dies in a test.
    static let interrupted = CNIError(.ioFailure, "interrupted")
}

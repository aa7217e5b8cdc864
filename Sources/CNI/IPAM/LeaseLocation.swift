import Net
import Netlink

/// Where a network's leases are: `DATADIR/NETWORK/FORMAT-BOOT/`, a directory for each boot.
///
/// **A lease belongs to a boot**, since no attachment outlives a reboot. The first who needs the leases after one makes a new directory and
/// removes the old: that is the whole reconciliation, and costs as much as removing three files.
///
/// **So nothing is ever synced to the disk.** What a process has written is in the kernel's page cache, where it outlives the process,
/// however that ends, and everybody reads it from there. Only the machine's end loses it, and takes the leases along: a power loss
/// leaves files whole, torn, empty or in any order, and no one reads them again, as the next boot has another name. A record that is not whole
/// can then only come from a failing disk, or from somebody who wrote to the file.
///
/// The lock is flock(2) on the network's directory. The kernel frees it when its holder dies, and it needs no file that could be
/// removed; who has locked a directory that is removed meanwhile can make nothing in it any more.
struct LeaseLocation: Sendable {
    /// Changes with the format of the files.
    static let format = "1"

    let dataDirectory: String
    let network: String
    let environment: LeaseEnvironment

    /// - Throws: `.badConfiguration` when the network's name cannot be one of a directory.
    init(dataDirectory: String, network: String, _ environment: LeaseEnvironment) throws(CNIError) {
        // The specification has names that begin with a letter or a digit; all that matters here is that they lead nowhere else.
        guard !network.isEmpty, !network.hasPrefix("."), !network.contains("/"), !network.utf8.contains(0) else {
            throw CNIError(.badConfiguration, "'\(network)' is no name of a network")
        }
        guard dataDirectory.hasPrefix("/") else {
            throw CNIError(.badConfiguration, "dataDir '\(dataDirectory)' is not an absolute path")
        }
        self.dataDirectory = dataDirectory
        self.network = network
        self.environment = environment
    }

    private var path: String { "\(dataDirectory)/\(network)" }
    private var bootName: String { "\(Self.format)-\(environment.bootID)" }

    /// The leases of this boot, locked until they are let go; nil when there are none.
    func openIfThere() throws(CNIError) -> LockedLeases? {
        guard let folder = try openFolder() else { return nil }
        try folder.lock()
        guard let leases = try folder.openFolder(bootName) else {
            try checkFormat(try folder.names())
            return nil
        }
        return try LockedLeases(lock: folder, leases)
    }

    /// As above, and makes what lacks.
    func open() throws(CNIError) -> LockedLeases {
        if let leases = try openIfThere() { return leases }
        do throws(SystemError) { try Directory.make(path) } catch { throw failure(error) }
        guard let folder = try openFolder() else {
            throw CNIError(.tryAgainLater, "directory \(path) was removed just now")
        }
        try folder.lock()
        let names = try folder.names()
        try checkFormat(names)
        if !names.contains(bootName) { try folder.makeFolder(bootName) }
        // Of earlier boots. One that cannot be removed takes space, and nothing else.
        for name in names where name != bootName && isBootName(name) { try? folder.removeFolder(name) }
        guard let leases = try folder.openFolder(bootName) else {
            throw CNIError(.tryAgainLater, "directory \(path) was removed just now")
        }
        return try LockedLeases(lock: folder, leases)
    }

    private func openFolder() throws(CNIError) -> LeaseFolder? {
        do throws(SystemError) {
            guard let directory = try Directory.open(path) else { return nil }
            return LeaseFolder(directory, network: network, environment)
        } catch { throw failure(error) }
    }

    /// "1-9f0c…": a number, and the name of a boot.
    private func isBootName(_ name: String) -> Bool {
        let parts = name.split(separator: "-", maxSplits: 1)
        return parts.count == 2 && Int(parts[0]) != nil
    }

    /// Leases of this boot in a format that we cannot read must not be taken for none.
    private func checkFormat(_ names: [String]) throws(CNIError) {
        for name in names where isBootName(name) && name.hasSuffix("-\(environment.bootID)") && name != bootName {
            throw CNIError(.ioFailure, "\(path)/\(name) is of another version of this program, and cannot be read")
        }
    }

    private func failure(_ error: SystemError) -> CNIError {
        CNIError(.ioFailure, "the addresses of network \(network): \(error)")
    }
}

import FoundationEssentials
import Net
import Netlink
import Synchronization

@testable import CNI

/// Address stores in a directory of their own, on a machine whose clock and boot the test says.
final class StoreFixture: Sendable {
    let directory: String
    private let clock = Atomic<UInt64>(1_000_000_000_000)
    private let bootID = Mutex("boot-a")
    /// Counts the changes of files; see `interrupt`.
    private let changes = Mutex(Interruption())

    fileprivate struct Interruption {
        var count = 0
        var sizes: [Int] = []
        /// The change that the process dies in, and how much of it is done.
        var last: (number: Int, byteCount: Int)?
    }

    init() throws {
        directory = "/tmp/fairlead-ipam-\(UInt64.random(in: 0 ... .max))/leases"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: String(directory.dropLast("/leases".count))) }

    var environment: LeaseEnvironment {
        LeaseEnvironment(
            bootID: bootID.withLock { $0 },
            now: { self.clock.load(ordering: .relaxed) },
            interruption: { byteCount in self.changes.withLock { $0.allowance(byteCount) } })
    }

    func configuration(_ ranges: [[IPAMConfiguration.Range]], requested: [String] = [], cooldownSeconds: UInt32 = 60)
        throws -> IPAMConfiguration
    {
        var configuration = IPAMConfiguration()
        configuration.dataDirectory = directory
        configuration.cooldownSeconds = cooldownSeconds
        configuration.ranges = ranges
        configuration.requestedAddresses = try requested.map { try IPAddress($0) }
        return configuration
    }

    /// A store whose range sets are a subnet each.
    func store(_ subnets: String..., requested: [String] = [], cooldownSeconds: UInt32 = 60, network: String = "pods")
        throws -> AddressStore
    {
        let ranges: [[IPAMConfiguration.Range]] = try subnets.map { [.init(try IPPrefix($0))] }
        return try store(ranges, requested: requested, cooldownSeconds: cooldownSeconds, network: network)
    }

    func store(
        _ ranges: [[IPAMConfiguration.Range]], requested: [String] = [], cooldownSeconds: UInt32 = 60,
        network: String = "pods"
    ) throws -> AddressStore {
        try AddressStore(
            configuration(ranges, requested: requested, cooldownSeconds: cooldownSeconds), network: network,
            environment: environment)
    }

    func advance(seconds: Double) {
        clock.add(UInt64(seconds * 1_000_000_000), ordering: .relaxed)
    }

    /// All leases are void from here on, for stores that are made from here on.
    func reboot(_ name: String = "boot-b") { bootID.withLock { $0 = name } }

    /// The directory of the leases of this boot.
    func bootDirectory(network: String = "pods") -> String {
        "\(directory)/\(network)/\(LeaseLocation.format)-\(bootID.withLock { $0 })"
    }

    /// The process dies in the change of that number, counted from 0, when so many bytes of it are written.
    func interrupt(at number: Int, byteCount: Int) {
        changes.withLock { $0 = Interruption(last: (number, byteCount)) }
    }

    /// A new process begins; returns the sizes of the changes that the one before has made.
    @discardableResult func restart() -> [Int] {
        changes.withLock { changes in
            defer { changes = Interruption() }
            return changes.sizes
        }
    }

    /// Overwrites bytes of a file.
    func corrupt(_ path: String, at position: Int, _ bytes: [UInt8]) throws {
        guard let slash = path.lastIndex(of: "/"), let directory = try Directory.open(String(path[..<slash])),
            let file = try directory.openFile(String(path[path.index(after: slash)...]))
        else { throw CNIError(.ioFailure, "no file \(path)") }
        try file.write(bytes, at: position)
    }
}

extension StoreFixture.Interruption {
    fileprivate mutating func allowance(_ byteCount: Int) -> Int {
        defer { count += 1 }
        sizes.append(byteCount)
        guard let last, count >= last.number else { return byteCount }
        return count == last.number ? min(last.byteCount, byteCount) : 0
    }
}

func attachment(_ id: String, network: String = "pods", interface: String = "eth0") -> Attachment {
    Attachment(network: network, containerID: id, interfaceName: interface)
}

extension AddressStore {
    /// Reserves and commits.
    func take(_ id: String) throws(CNIError) -> [String] {
        let reservation = try reserve(attachment(id))
        let addresses = reservation.addresses.map(\.address.description)
        reservation.commit()
        return addresses
    }

    func texts(_ id: String) throws(CNIError) -> [String] {
        try addresses(of: attachment(id)).map(\.address.description)
    }

    /// Who holds which address.
    func holders() throws(CNIError) -> [String: String] {
        var holders: [String: String] = [:]
        for lease in try leases() {
            if case .held(let holder) = lease.state { holders["\(lease.address)"] = holder.containerID }
        }
        return holders
    }

    func unreadable() throws(CNIError) -> [IPAddress] {
        try leases().filter { $0.state == .unreadable }.map(\.address)
    }
}

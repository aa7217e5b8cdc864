import FoundationEssentials
import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("A directory of host-local is taken over")
struct HostLocalImportTests {
    private let fixture: StoreFixture
    private let directory: String

    init() throws {
        fixture = try StoreFixture()
        directory = fixture.directory + "/../networks"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
    }

    @Test("with its owners, of both families, old files and ranges of before; once")
    func whole() throws {
        try write("10.1.0.5", "aaa\r\neth0")
        try write("fd00:1::5", "aaa\r\neth0")
        try write("10.1.0.6", " bbb\r\nnet1\n")
        try write("10.1.0.7", "ccc")
        try write("172.20.0.9", "ddd\r\neth0")
        try write("last_reserved_ip.0", "10.1.0.7")
        try write("last_reserved_ip.1", "10.77.0.1")
        try write("lock", "")
        try write("10.1.0.8", "")
        try write("10.1.0.9", String(repeating: "x", count: 300) + "\r\neth0")
        try FileManager.default.createDirectory(atPath: directory + "/10.1.0.10", withIntermediateDirectories: true)
        let store = try fixture.store("10.1.0.0/24", "fd00:1::/64")
        let first = try store.importHostLocal(directory: directory)
        #expect(
            first.imported.map(\.address.description) == [
                "10.1.0.5", "10.1.0.6", "10.1.0.7", "172.20.0.9", "fd00:1::5",
            ])
        #expect(first.imported[1].state == .held(by: attachment("bbb", interface: "net1")))
        #expect(first.refused.map(\.file) == ["10.1.0.8", "10.1.0.9", "10.1.0.10"])
        #expect(
            try store.addresses(of: attachment("aaa")) == [
                .init(try IPAddress("10.1.0.5"), prefixLength: 24, gateway: try IPAddress("10.1.0.1")),
                .init(try IPAddress("fd00:1::5"), prefixLength: 64, gateway: try IPAddress("fd00:1::1")),
            ])
        #expect(try store.addresses(of: attachment("ddd")).map(\.prefixLength) == [32])
        #expect(try store.texts("ccc") == ["10.1.0.7"])
        // It goes on where host-local would have.
        #expect(try store.take("new") == ["10.1.0.8", "fd00:1::2"])

        try store.release(attachment("aaa"))
        fixture.advance(seconds: 100)
        try write("10.1.0.30", "eee\r\neth0")
        try write("10.1.0.8", "fff\r\neth0")
        let second = try store.importHostLocal(directory: directory)
        #expect(second.imported.map(\.address.description) == ["10.1.0.30"])
        #expect(second.knownCount == 5)
        #expect(second.refused.map(\.cause).first == "it is held by eth0 of container new in network pods")
        #expect(try store.texts("aaa") == [])
        #expect(
            try Set(store.holders().keys) == [
                "10.1.0.6", "10.1.0.7", "10.1.0.8", "10.1.0.30", "172.20.0.9", "fd00:1::2",
            ])
        // What its pods no longer have is collected.
        #expect(try store.collect(keeping: [attachment("new")]).count == 4)
    }

    @Test("when there is none, nothing happens")
    func none() throws {
        let store = try fixture.store("10.1.0.0/24")
        #expect(try store.importHostLocal(directory: directory + "/none") == HostLocalImport())
        #expect(try AddressStore.networks(dataDirectory: fixture.directory) == [])
    }

    @Test("under its lock")
    func lock() async throws {
        try write("10.1.0.5", "aaa\r\neth0")
        guard let holder = try Directory.open(directory) else { throw CNIError(.ioFailure, "no directory") }
        var lock = try holder.openFile("lock", creating: true)
        try lock?.lock()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/lock")
        let inode = try #require(attributes[.systemFileNumber] as? UInt64)
        let store = try fixture.store("10.1.0.0/24")
        let thread = try JoinableThread { [fixture, directory] in
            _ = try? fixture.store("10.1.0.0/24").importHostLocal(directory: directory)
        }
        // It waits for the lock: proc(5), /proc/locks marks those who wait.
        try await eventually {
            let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
            return locks.split(separator: "\n").contains { $0.contains("->") && $0.contains(":\(inode) ") }
        }
        #expect(try store.leases() == [])
        lock = nil
        thread.join()
        #expect(try store.holders() == ["10.1.0.5": "aaa"])
    }
}

import FoundationEssentials
import Net
import Testing

@testable import CNI

@Suite("A large network")
struct LargeNetworkTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("gives the last addresses of a /16, wherever they are, and says when there is none")
    func nearlyFull() throws {
        let store = try fixture.store("10.1.0.0/16", cooldownSeconds: 0)
        #expect(try store.take("first") == ["10.1.0.2"])
        // Each mark from 10.1.0.3 to 10.1.255.254 says held.
        let file = fixture.bootDirectory() + "/10.1.0.0"
        try fixture.corrupt(file, at: 3 * 4, [UInt8](repeating: 0xFF, count: (65_534 - 2) * 4))
        let full = #expect(throws: CNIError.self) { _ = try store.take("none") }
        #expect(full?.details == "65533 held")
        #expect(throws: CNIError.self) { try store.checkAvailability() }
        for free in ["10.1.255.254", "10.1.3.255", "10.1.4.0", "10.1.157.44"] {
            let index = LeaseBlock.index(of: try IPAddress(free))
            try fixture.corrupt(file, at: index * 4, [0, 0, 0, 0])
            try store.checkAvailability()
            #expect(try store.take(free) == [free])
            #expect(throws: CNIError.self) { _ = try store.take("none") }
        }
        try store.release(attachment("10.1.4.0"))
        #expect(try store.take("next") == ["10.1.4.0"])
        try store.release(attachment("first"))
        #expect(try store.take("next to next") == ["10.1.0.2"])
    }

    /// What this thread has read from files so far: `rchar` and `syscr` of proc(5).
    private func filesRead() throws -> (bytes: Int, calls: Int) {
        let text = try String(contentsOfFile: "/proc/thread-self/io", encoding: .utf8)
        func value(_ name: String) throws -> Int {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name): ") })
            return try #require(Int(line.dropFirst(name.count + 2)))
        }
        return (try value("rchar"), try value("syscr"))
    }

    /// What an ADD, a CHECK and a DEL read, in the middle of several.
    private func readByOnePod(_ store: borrowing AddressStore) throws -> (bytes: Int, calls: Int) {
        var costs: [(bytes: Int, calls: Int)] = []
        for number in 0..<9 {
            let before = try filesRead()
            _ = try store.take("pod\(number)")
            _ = try store.texts("pod\(number)")
            try store.release(attachment("pod\(number)"))
            let after = try filesRead()
            costs.append((after.bytes - before.bytes, after.calls - before.calls))
        }
        return (costs.map(\.bytes).sorted()[4], costs.map(\.calls).sorted()[4])
    }

    @Test("costs a pod as much with 20,000 addresses held as with few, wherever those are")
    func constantCost() throws {
        let store = try fixture.store("10.1.0.0/16", cooldownSeconds: 0)
        _ = try store.take("first")
        let few = try readByOnePod(store)
        do {
            let leases = try store.location.open()
            for number in 0..<20_000 {
                let owner = try #require(LeaseOwner(attachment("c\(number)")))
                // Three of four are held from the beginning on.
                let address = IPAddress(v4: 0x0A01_0100 + UInt32(number / 3 * 4 + number % 3))
                try leases.take(address, LeaseRecord(.held, owner, sinceNanoseconds: 0, prefixLength: 16))
            }
        }
        let many = try readByOnePod(store)
        #expect(few.calls > 3 && many.calls <= few.calls + 4, "\(few) \(many)")
        #expect(many.bytes <= few.bytes * 2, "\(few) \(many)")
    }

    @Test("goes on where one file of addresses ends and the next begins")
    func severalBlocks() throws {
        let subnet = try IPPrefix("10.0.0.0/14")
        let store = try fixture.store([
            [.init(subnet, first: try IPAddress("10.0.255.254"), last: try IPAddress("10.1.0.1"))]
        ])
        #expect(
            try (0..<4).flatMap { try store.take("c\($0)") } == [
                "10.0.255.254", "10.0.255.255", "10.1.0.0", "10.1.0.1",
            ])
        #expect(throws: CNIError.self) { _ = try store.take("c4") }
        #expect(try store.leases().count == 4)
    }

    @Test("has an index that grows, and finds everybody in it while others come and go")
    func growth() throws {
        let store = try fixture.store("10.1.0.0/20", cooldownSeconds: 0)
        let count = 1500
        do {
            let leases = try store.location.open()
            for number in 0..<count {
                let owner = try #require(LeaseOwner(attachment("c\(number)")))
                let address = IPAddress(v4: 0x0A01_0002 + UInt32(number))
                try leases.take(address, LeaseRecord(.held, owner, sinceNanoseconds: 0, prefixLength: 20))
                // Every third goes again.
                if number % 3 == 0 { try leases.release(owner, now: 0) }
            }
            let index = try #require(try OwnerIndex(in: leases.folder))
            #expect(try index.all().entries.count == count - (count + 2) / 3)
            let file = try #require(try leases.folder.open(OwnerIndex.fileName))
            #expect(
                try file.byteCount() > OwnerIndex.headByteCount + OwnerIndex.smallestCapacity
                    * OwnerIndex.entryByteCount)
            for number in 0..<count {
                let owner = try #require(LeaseOwner(attachment("c\(number)")))
                #expect(try leases.held(by: owner).count == (number % 3 == 0 ? 0 : 1))
            }
        }
        #expect(try store.take("next") == ["10.1.0.2"])
    }
}

import Net
import TestSupport
import Testing

@testable import CNI

/// Every call, by a process that dies in each of its writes, after each of their bytes, and what others find then.
@Suite("A process that dies at any write")
struct CrashTests {
    /// What a process does when it dies; the store has c0, c1 and c2 then, and c3 has released its addresses.
    enum Call: String, CaseIterable {
        case firstAdd, add, requestedAdd, delete, collect, addInFullTable, deleteInDamagedIndex, addWithoutIndex,
            importing
    }

    private func store(_ fixture: StoreFixture, requested: [String] = []) throws -> AddressStore {
        // Eight addresses of each.
        let ranges = try [("10.1.0.0/24", "10.1.0.9"), ("fd00:1::/64", "fd00:1::9")].map {
            [IPAMConfiguration.Range(try IPPrefix($0.0), last: try IPAddress($0.1))]
        }
        return try fixture.store(ranges, requested: requested)
    }

    /// Brings a store to where the call begins; returns who holds what.
    private func prepare(_ call: Call, _ fixture: StoreFixture) throws -> [String: [String]] {
        if call == .firstAdd {
            _ = try store(fixture).take("before")
            fixture.reboot()
            return [:]
        }
        let store = try store(fixture)
        var held: [String: [String]] = [:]
        for id in ["c0", "c1", "c2", "c3"] { held[id] = try store.take(id) }
        try store.release(attachment("c3"))
        held["c3"] = nil
        let index = fixture.bootDirectory() + "/owners"
        switch call {
        case .addInFullTable:
            // A run where the new owner belongs that is longer than runs are.
            let hash = try #require(LeaseOwner(attachment("new"))).hash
            var entries = try (0...UInt64(OwnerIndex.runLimit)).map { (hash &+ $0, try IPAddress("10.200.0.1")) }
            for (id, addresses) in held {
                let owner = try #require(LeaseOwner(attachment(id)))
                entries += try addresses.map { (owner.hash, try IPAddress($0)) }
            }
            _ = try OwnerIndex.replace(nil, with: entries, in: store.location.open().folder)
        case .deleteInDamagedIndex:
            let noise = [UInt8](repeating: 0xA5, count: OwnerIndex.smallestCapacity * OwnerIndex.entryByteCount)
            try fixture.corrupt(index, at: OwnerIndex.headByteCount, noise)
        case .addWithoutIndex: try fixture.corrupt(index, at: 1 << 20, [0])
        default: break
        }
        return held
    }

    private func run(_ call: Call, _ fixture: StoreFixture) throws {
        let store = try store(fixture, requested: call == .requestedAdd ? ["10.1.0.9"] : [])
        switch call {
        case .firstAdd, .add, .requestedAdd, .addInFullTable, .addWithoutIndex: _ = try store.take("new")
        case .delete, .deleteInDamagedIndex: try store.release(attachment("c1"))
        case .collect: _ = try store.collect(keeping: [attachment("c0"), attachment("c2")])
        case .importing:
            let leases = try store.location.open()
            let owner = try #require(LeaseOwner(attachment("new")))
            let seen = try ImportedFiles(leases.folder)
            let address = try IPAddress("10.1.0.9")
            try leases.take(
                address, LeaseRecord(.held, owner, sinceNanoseconds: 0, prefixLength: 28))
            try seen.add(address, owner)
        }
    }

    /// The attachments that the call is about: what they have afterwards is for their runtime to delete.
    private func isTouched(_ id: String, by call: Call) -> Bool {
        id == "new" || id == "c1" && [.delete, .deleteInDamagedIndex, .collect].contains(call)
    }

    private func check(_ call: Call, _ held: [String: [String]], _ fixture: StoreFixture) throws {
        let store = try store(fixture)
        for (id, addresses) in held where !isTouched(id, by: call) { #expect(try store.texts(id) == addresses) }
        for (address, holder) in try store.holders() {
            #expect(held[holder]?.contains(address) == true || isTouched(holder, by: call))
        }
        // The next one gets addresses that nobody has.
        let taken = Set(held.filter { !isTouched($0.key, by: call) }.values.joined())
        #expect(taken.isDisjoint(with: try store.take("next")))
        // The runtime deletes what was not acknowledged, and nothing stays behind.
        try store.release(attachment("new"))
        try store.release(attachment("c1"))
        #expect(try store.texts("new") == [])
        #expect(try store.texts("c1") == [])
        #expect(try store.unreadable() == [])
        for (id, addresses) in held where id != "c1" { #expect(try store.texts(id) == addresses) }
        for id in ["c0", "c2", "next"] { try store.release(attachment(id)) }
        #expect(try store.holders() == [:])
        fixture.advance(seconds: 60)
        for number in 0..<8 { _ = try store.take("all\(number)") }
        #expect(throws: CNIError.self) { _ = try store.take("one too many") }
    }

    @Test(
        "leaves every other lease, no lost address, and nothing that its DEL does not clear", arguments: Call.allCases)
    func everyWrite(call: Call) throws {
        let whole = try StoreFixture()
        _ = try prepare(call, whole)
        whole.restart()
        try run(call, whole)
        let sizes = whole.restart()
        #expect(sizes.count >= 3)
        // These write a new table.
        let isRebuilt: Set<Call> = [.firstAdd, .collect, .addInFullTable, .deleteInDamagedIndex, .addWithoutIndex]
        #expect((sizes.max() ?? 0 > LeaseRecord.byteCount) == isRebuilt.contains(call))
        for (number, size) in sizes.enumerated() {
            // Slots and entries at many places, long writes at some; a change without bytes is made or not.
            let step = size <= 4 ? 1 : size <= LeaseRecord.byteCount ? 61 : 16411
            for byteCount in Set(stride(from: 0, to: size, by: step)).union([size - 1, size]).sorted() {
                let fixture = try StoreFixture()
                let held = try prepare(call, fixture)
                fixture.interrupt(at: number, byteCount: byteCount)
                _ = try? run(call, fixture)
                fixture.restart()
                try check(call, held, fixture)
            }
        }
    }
}

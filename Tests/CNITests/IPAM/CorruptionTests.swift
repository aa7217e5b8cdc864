import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

@Suite("A damaged store")
struct CorruptionTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private let slots = LeaseBlock.addressCount * 4

    @Test("does not give an address whose record is unreadable, and its owner's DEL frees it")
    func damagedSlot() throws {
        let store = try fixture.store("10.1.0.0/29")
        for number in 0..<3 { _ = try store.take("c\(number)") }
        try fixture.corrupt(fixture.bootDirectory() + "/10.1.0.0", at: slots + 3 * 256 + 50, [0x55])
        #expect(try store.unreadable() == [try IPAddress("10.1.0.3")])
        #expect(try store.texts("c1") == [])
        for number in 3..<5 { _ = try store.take("c\(number)") }
        let full = #expect(throws: CNIError.self) { _ = try store.take("c5") }
        // The mark says so of all.
        #expect(full?.details == "5 held")
        let requested = try fixture.store("10.1.0.0/29", requested: ["10.1.0.3"])
        #expect(throws: CNIError.self) { _ = try requested.take("c5") }
        try store.release(attachment("c0"))
        #expect(try store.unreadable().count == 1)
        try store.release(attachment("c1"))
        #expect(try store.unreadable() == [])
        fixture.advance(seconds: 60)
        #expect(try Set(store.take("c5") + store.take("c6")) == ["10.1.0.2", "10.1.0.3"])
    }

    @Test("frees an unreadable record in garbage collection when nobody who is kept can have it")
    func collected() throws {
        let store = try fixture.store("10.1.0.0/24", "fd00:1::/64")
        for number in 0..<3 { _ = try store.take("c\(number)") }
        let everybody = Set((0..<3).map { attachment("c\($0)") })
        try fixture.corrupt(fixture.bootDirectory() + "/10.1.0.0", at: slots + 3 * 256, [1, 2, 3])
        #expect(try store.collect(keeping: everybody) == [])
        #expect(try store.unreadable().count == 1)
        // Without the index nobody is named for it, but c1 has no IPv4 address, so that it may be its.
        try fixture.corrupt(fixture.bootDirectory() + "/owners", at: 1 << 20, [0])
        #expect(try store.collect(keeping: everybody) == [])
        #expect(try store.unreadable().count == 1)
        try store.release(attachment("c1"))
        #expect(try store.unreadable().count == 1)
        #expect(try store.collect(keeping: everybody.subtracting([attachment("c1")])) == [])
        #expect(try store.unreadable() == [])
        #expect(try store.leases()[1].state == .cooling(secondsLeft: 60, releasedBy: nil))
        #expect(try store.holders().count == 4)
    }

    @Test("puts a mark right that keeps a free address from being given")
    func wrongMarks() throws {
        let store = try fixture.store("10.1.0.0/29", cooldownSeconds: 0)
        #expect(try store.take("c0") == ["10.1.0.2"])
        let file = fixture.bootDirectory() + "/10.1.0.0"
        // c0's says free; the others' say held.
        try fixture.corrupt(file, at: 2 * 4, [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 16))
        let full = #expect(throws: CNIError.self) { _ = try store.take("c1") }
        #expect(full?.code == .noAddressLeft)
        #expect(try store.collect(keeping: [attachment("c0")]) == [])
        #expect(try Set((1..<5).flatMap { try store.take("c\($0)") }).count == 4)
        #expect(try store.texts("c0") == ["10.1.0.2"])
    }

    @Test("finds all leases without its index")
    func lostIndex() throws {
        let store = try fixture.store("10.1.0.0/24", cooldownSeconds: 0)
        for number in 0..<20 { _ = try store.take("c\(number)") }
        try Directory.open(fixture.bootDirectory())?.rename("owners", to: "lost")
        for number in 0..<20 { #expect(try store.texts("c\(number)") == ["10.1.0.\(number + 2)"]) }
        try store.release(attachment("c7"))
        #expect(try store.holders().count == 19)
    }

    /// Random bytes at random places, between random calls: an address that somebody holds is given to nobody else.
    @Test("never gives an address twice, whatever its bytes are", arguments: UInt64(1)...12)
    func noise(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let store = try fixture.store("10.1.0.0/27", "fd00:1::/120", cooldownSeconds: 0)
        var held: [String: [String]] = [:]
        for number in 0..<120 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                guard let addresses = try? store.take("c\(number)") else { continue }
                #expect(Set(held.values.joined()).isDisjoint(with: addresses))
                held["c\(number)"] = addresses
            case 5..<8:
                guard let id = held.keys.sorted().randomElement(using: &generator) else { continue }
                try store.release(attachment(id))
                #expect(try store.texts(id) == [])
                held[id] = nil
            case 8 where number % 3 == 0: _ = try store.collect(keeping: Set(held.keys.map { attachment($0) }))
            default: try corrupt(&generator)
            }
        }
        // What is still whole is found, and what is not is not silently gone.
        let unreadable = Set(try store.unreadable().map(\.description))
        for (id, addresses) in held {
            #expect(try Set(store.texts(id)) == Set(addresses).subtracting(unreadable))
        }
        for id in held.keys { try store.release(attachment(id)) }
        _ = try store.collect(keeping: [])
        #expect(try store.unreadable() == [])
        #expect(try store.holders() == [:])
        #expect(try Set((0..<29).flatMap { try store.take("all\($0)") }).count == 58)
    }

    private func corrupt(_ generator: inout SeededGenerator) throws {
        let bytes = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
            UInt8.random(in: 1...255, using: &generator)
        }
        let (file, range) =
            [
                ("owners", 0..<(OwnerIndex.headByteCount + OwnerIndex.smallestCapacity * OwnerIndex.entryByteCount)),
                ("10.1.0.0", 0..<128), ("10.1.0.0", slots..<(slots + 32 * 256)),
                ("fd00:1::", 0..<1024), ("fd00:1::", slots..<(slots + 40 * 256)),
            ].randomElement(using: &generator) ?? ("owners", 0..<1)
        // There is no file before the first call.
        try? fixture.corrupt(
            "\(fixture.bootDirectory())/\(file)", at: Int.random(in: range, using: &generator), bytes)
    }
}

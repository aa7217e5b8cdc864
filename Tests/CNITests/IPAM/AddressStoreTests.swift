import Net
import Testing

@testable import CNI

@Suite("The address store")
struct AddressStoreTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    private func error(_ body: () throws -> Void) -> CNIError? {
        #expect(throws: CNIError.self, performing: body)
    }

    @Test("gives each address of a network but its own, the gateway and the broadcast address, in their order")
    func order() throws {
        let store = try fixture.store("10.1.0.0/29", "fd00:1::/125")
        for number in 2...6 {
            let reservation = try store.reserve(attachment("c\(number)"))
            #expect(
                reservation.addresses == [
                    .init(try IPAddress("10.1.0.\(number)"), prefixLength: 29, gateway: try IPAddress("10.1.0.1")),
                    .init(try IPAddress("fd00:1::\(number)"), prefixLength: 125, gateway: try IPAddress("fd00:1::1")),
                ])
            #expect(try store.addresses(of: attachment("c\(number)")) == reservation.addresses)
            reservation.commit()
        }
        let full = error { _ = try store.take("c7") }
        #expect(full?.code == .noAddressLeft)
        #expect(
            full?.description == "no address is left in range set 0 (10.1.0.1-10.1.0.6) of network pods: 5 held")
        // None of the other set was taken for it, and none is missing afterwards.
        try store.release(attachment("c4"))
        fixture.advance(seconds: 60)
        #expect(try store.take("c7") == ["10.1.0.4", "fd00:1::7"])
    }

    @Test("gives the first and last address that the range says, and no gateway of any range")
    func bounds() throws {
        let subnet = try IPPrefix("10.1.0.0/24")
        let store = try fixture.store([
            [
                .init(
                    subnet, first: try IPAddress("10.1.0.0"), last: try IPAddress("10.1.0.2"),
                    gateway: try IPAddress("10.1.0.255")),
                .init(subnet, first: try IPAddress("10.1.0.253"), last: try IPAddress("10.1.0.255")),
            ]
        ])
        var given: [String] = []
        for number in 0..<4 { given += try store.take("c\(number)") }
        // The second range's gateway is the network's first address.
        #expect(given == ["10.1.0.0", "10.1.0.2", "10.1.0.253", "10.1.0.254"])
        let held = try store.addresses(of: attachment("c0")) + store.addresses(of: attachment("c3"))
        #expect(held.map { $0.gateway?.description } == ["10.1.0.255", "10.1.0.1"])
        #expect(error { _ = try store.take("c4") }?.code == .noAddressLeft)
    }

    @Test("does not add an attachment twice, and knows its interfaces apart")
    func duplicate() throws {
        let store = try fixture.store("10.1.0.0/24")
        #expect(try store.take("c") == ["10.1.0.2"])
        let twice = error { _ = try store.take("c") }
        #expect(twice?.code == .alreadyAdded)
        #expect(twice?.message == "eth0 of container c in network pods has 10.1.0.2 already")
        try store.reserve(attachment("c", interface: "eth1")).commit()
        try store.release(attachment("c", interface: "eth1"))
        #expect(try store.texts("c") == ["10.1.0.2"])
    }

    @Test("frees on DEL what the attachment has, however often and late it comes, and nothing else")
    func lateRelease() throws {
        let store = try fixture.store("10.1.0.0/30", cooldownSeconds: 0)
        #expect(try store.take("old") == ["10.1.0.2"])
        try store.release(attachment("old"))
        #expect(try store.take("new") == ["10.1.0.2"])
        for _ in 0..<3 { try store.release(attachment("old")) }
        try store.release(attachment("never"))
        #expect(try store.holders() == ["10.1.0.2": "new"])
        #expect(try store.texts("old") == [])
    }

    @Test("gives an address again when it has cooled down, not before, and says when")
    func cooldown() throws {
        let store = try fixture.store("10.1.0.0/29", cooldownSeconds: 60)
        for number in 0..<5 { _ = try store.take("c\(number)") }
        fixture.advance(seconds: 0.5)
        try store.release(attachment("c1"))
        fixture.advance(seconds: 20.25)
        try store.release(attachment("c0"))
        let cooling = error { _ = try store.take("new") }
        #expect(cooling?.code == .noAddressLeft)
        #expect(cooling?.details == "3 held; 2 cooling down, the first for 40 more seconds")
        try store.checkAvailability()
        fixture.advance(seconds: 39.74)
        #expect(error { _ = try store.take("new") }?.details.hasSuffix("the first for 1 more seconds") == true)
        #expect(
            try store.leases().map(\.state).first
                == .cooling(secondsLeft: 21, releasedBy: attachment("c0")))
        fixture.advance(seconds: 0.01)
        #expect(try store.take("new") == ["10.1.0.3"])
        #expect(error { _ = try store.take("newer") }?.code == .noAddressLeft)
    }

    @Test("goes on behind the address that it gave last")
    func roundRobin() throws {
        let store = try fixture.store("10.1.0.0/29", cooldownSeconds: 0)
        var given: [String] = []
        for number in 0..<7 {
            given += try store.take("c\(number)")
            try store.release(attachment("c\(number)"))
        }
        #expect(given.map { $0.suffix(1) }.joined() == "2345623")
    }

    @Test("takes an uncommitted reservation back, without a cool-down, as nobody has seen the address")
    func uncommitted() throws {
        let store = try fixture.store("10.1.0.0/30")
        for _ in 0..<3 {
            let reservation = try store.reserve(attachment("c"))
            #expect(reservation.addresses.map(\.address.description) == ["10.1.0.2"])
            #expect(try store.holders() == ["10.1.0.2": "c"])
            _ = consume reservation
            #expect(try store.leases() == [])
        }
    }

    @Test("gives the address that was requested, also while it cools down, or says who has it")
    func requested() throws {
        let subnets = ["10.1.0.0/24", "fd00:1::/64"]
        func take(_ requested: [String], _ id: String) throws -> [String] {
            try fixture.store(subnets[0], subnets[1], requested: requested).take(id)
        }
        #expect(try take(["fd00:1::abcd:0:1", "10.1.0.77"], "a") == ["10.1.0.77", "fd00:1::abcd:0:1"])
        #expect(try take(["10.1.0.9"], "b") == ["10.1.0.9", "fd00:1::2"])
        // The order goes on as if nobody had asked.
        #expect(try take([], "c") == ["10.1.0.2", "fd00:1::3"])
        let store = try fixture.store(subnets[0], subnets[1])
        try store.release(attachment("a"))
        #expect(try take(["10.1.0.77"], "d") == ["10.1.0.77", "fd00:1::4"])
        for (requested, code, message) in [
            (["10.1.0.77"], CNIError.Code.addressTaken, "is held by eth0 of container d in network pods"),
            (["10.1.0.1"], .addressTaken, "is a gateway"), (["10.2.0.1"], .badConfiguration, "is in no range"),
            (["10.1.0.255"], .badConfiguration, "is in no range"),
            (["10.1.0.50", "10.1.0.51"], .badConfiguration, "another was requested of its set"),
        ] {
            let refused = error { _ = try take(requested, "e") }
            #expect(refused?.code == code)
            #expect(refused?.message.hasSuffix(message) == true, "\(refused?.message ?? "")")
        }
        #expect(try store.texts("e") == [])
    }

    @Test(
        "keeps leases outside the ranges of today until they are released, and gives no address twice in ranges that grow"
    )
    func changedRanges() throws {
        let small = try fixture.store("10.1.0.0/29", cooldownSeconds: 0)
        for number in 0..<3 { _ = try small.take("c\(number)") }
        let other = try fixture.store("10.9.0.0/24", cooldownSeconds: 0)
        #expect(try other.take("d") == ["10.9.0.2"])
        #expect(
            try other.addresses(of: attachment("c1")) == [
                .init(try IPAddress("10.1.0.3"), prefixLength: 29, gateway: try IPAddress("10.1.0.1"))
            ])
        let large = try fixture.store("10.0.0.0/8", cooldownSeconds: 0)
        // Behind the one that was given last.
        #expect(try large.take("e") == ["10.9.0.3"])
        let moved = try fixture.store("10.1.0.0/16", requested: ["10.1.0.3"], cooldownSeconds: 0)
        #expect(error { _ = try moved.take("f") }?.code == .addressTaken)
        try large.release(attachment("c1"))
        #expect(try moved.take("f") == ["10.1.0.3"])
        #expect(try moved.holders().count == 5)
    }

    @Test("releases without a range, without a directory, and makes none for it")
    func releaseAlone() throws {
        let empty = try fixture.store([])
        try empty.release(attachment("c"))
        #expect(try empty.addresses(of: attachment("c")) == [])
        #expect(try AddressStore.networks(dataDirectory: fixture.directory) == [])
        #expect(error { _ = try empty.take("c") }?.code == .badConfiguration)
        #expect(try fixture.store("10.1.0.0/24").take("c") == ["10.1.0.2"])
        try empty.release(attachment("c"))
        #expect(try empty.holders() == [:])
        #expect(try AddressStore.networks(dataDirectory: fixture.directory) == ["pods"])
    }

    @Test("knows networks apart")
    func networks() throws {
        #expect(try fixture.store("10.1.0.0/24").take("c") == ["10.1.0.2"])
        let other = try fixture.store("10.1.0.0/24", network: "other.net-2")
        try other.reserve(attachment("c", network: "other.net-2")).commit()
        #expect(try other.holders() == ["10.1.0.2": "c"])
        try other.release(attachment("c", network: "other.net-2"))
        #expect(try fixture.store("10.1.0.0/24").texts("c") == ["10.1.0.2"])
    }

    @Test("refuses names that lead out of its directory")
    func names() throws {
        for network in ["", "..", ".hidden", "a/b", "a\0b"] {
            #expect(error { _ = try fixture.store("10.1.0.0/24", network: network) }?.code == .badConfiguration)
        }
    }

    @Test("has room for the longest container id, and refuses one that is longer")
    func longNames() throws {
        let store = try fixture.store("10.1.0.0/24")
        let id = String(repeating: "x", count: LeaseOwner.byteCountLimit - 4)
        #expect(try store.take(id) == ["10.1.0.2"])
        #expect(try store.holders() == ["10.1.0.2": id])
        #expect(error { _ = try store.take(id + "x") }?.code == .badEnvironment)
        try store.release(attachment(id + "x"))
        try store.release(attachment(id))
        #expect(try store.holders() == [:])
    }

    @Test("says that no container can be added when all is held, and what stands in the way")
    func availability() throws {
        let store = try fixture.store("10.1.0.0/24", "fd00:1::/126")
        try store.checkAvailability()
        for number in 0..<2 { _ = try store.take("c\(number)") }
        let full = error { try store.checkAvailability() }
        #expect(full?.code == .notAvailable)
        #expect(full?.message.contains("range set 1 (fd00:1::1-fd00:1::3)") == true)
        try store.release(attachment("c0"))
        try store.checkAvailability()
        #expect(error { try fixture.store([]).checkAvailability() }?.code == .badConfiguration)
    }

    @Test("gives all addresses of several ranges before one comes twice")
    func severalRanges() throws {
        let store = try fixture.store(
            [[.init(try IPPrefix("10.1.255.248/29")), .init(try IPPrefix("10.7.0.0/29"))]], cooldownSeconds: 0)
        var given: Set<String> = []
        for number in 0..<10 { given.formUnion(try store.take("c\(number)")) }
        #expect(given.count == 10)
        #expect(error { _ = try store.take("d") }?.details == "10 held")
    }

    @Test("collects what is not kept, and names whose it was")
    func collect() throws {
        let store = try fixture.store("10.1.0.0/24", "fd00:1::/64")
        for number in 0..<5 { _ = try store.take("c\(number)") }
        let kept: Set = [attachment("c1"), attachment("c3"), attachment("c4", network: "other"), attachment("never")]
        #expect(try store.collect(keeping: kept) == [attachment("c0"), attachment("c2"), attachment("c4")])
        #expect(Set(try store.holders().values) == ["c1", "c3"])
        #expect(try store.texts("c3") == ["10.1.0.5", "fd00:1::5"])
        #expect(try store.collect(keeping: kept) == [])
        try store.release(attachment("c3"))
        #expect(try store.collect(keeping: []) == [attachment("c1")])
        #expect(try store.holders() == [:])
        #expect(try fixture.store("10.1.0.0/24", network: "none").collect(keeping: []) == [])
    }
}

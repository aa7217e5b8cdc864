import FoundationEssentials
import Net
import Testing

@testable import CNI

@Suite("After a reboot")
struct RebootTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test("no lease is left, and the files of before are gone with the first ADD")
    func reboot() throws {
        let before = try fixture.store("10.1.0.0/30")
        #expect(try before.take("old") == ["10.1.0.2"])
        let directory = fixture.bootDirectory()
        fixture.reboot()
        let after = try fixture.store("10.1.0.0/30")
        #expect(try after.leases() == [])
        #expect(try after.texts("old") == [])
        try after.release(attachment("old"))
        try after.checkAvailability()
        #expect(FileManager.default.fileExists(atPath: directory))
        #expect(try after.take("new") == ["10.1.0.2"])
        #expect(!FileManager.default.fileExists(atPath: directory))
        try after.release(attachment("old"))
        #expect(try after.holders() == ["10.1.0.2": "new"])
    }

    @Test("whatever a power loss has left of the files is not read")
    func garbage() throws {
        _ = try fixture.store("10.1.0.0/30").take("old")
        var generator = SystemRandomNumberGenerator()
        for file in ["owners", "10.1.0.0"] {
            let noise = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            try fixture.corrupt("\(fixture.bootDirectory())/\(file)", at: 0, noise)
        }
        fixture.reboot()
        let after = try fixture.store("10.1.0.0/30")
        #expect(try after.take("new") == ["10.1.0.2"])
        #expect(try after.unreadable() == [])
    }

    @Test("the store of another version in the same boot is not taken for an empty one")
    func otherFormat() throws {
        _ = try fixture.store("10.1.0.0/24").take("c")
        let directory = fixture.bootDirectory()
        let other = directory.replacing("/\(LeaseLocation.format)-", with: "/9-")
        try FileManager.default.moveItem(atPath: directory, toPath: other)
        let store = try fixture.store("10.1.0.0/24")
        for _ in 0..<2 {
            let error = #expect(throws: CNIError.self) { _ = try store.take("d") }
            #expect(error?.message.hasSuffix("is of another version of this program, and cannot be read") == true)
        }
        #expect(throws: CNIError.self) { try store.release(attachment("c")) }
        fixture.reboot()
        #expect(try fixture.store("10.1.0.0/24").take("d") == ["10.1.0.2"])
        #expect(!FileManager.default.fileExists(atPath: other))
    }

    @Test("this machine has a boot, and a clock that goes")
    func machine() throws {
        let machine = try LeaseEnvironment.machine()
        #expect(machine.bootID.count == 36)
        #expect(try LeaseEnvironment.machine().bootID == machine.bootID)
        let first = machine.now()
        #expect(first > 0)
        #expect(machine.now() >= first)
    }
}

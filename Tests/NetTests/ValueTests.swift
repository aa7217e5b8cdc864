import Net
import Testing

@Suite struct ValueTests {
    @Test func macAddress() throws {
        #expect(try MACAddress("02:42:ac:11:00:02").description == "02:42:ac:11:00:02")
        #expect(MACAddress(bytes: [2, 66, 172, 17, 0, 2]) == (try MACAddress("02:42:AC:11:00:02")))
        for text in ["", "02:42", "02:42:ac:11:00:0g", "2:42:ac:11:0:2", "02:42:ac:11:00:02:03"] {
            #expect(throws: AddressParseError.self) { try MACAddress(text) }
        }
    }

    @Test func portRange() throws {
        #expect(try PortRange("30000-32767") == .nodePorts)
        #expect(PortRange.nodePorts.count == 2_768)
        #expect(try PortRange("80").contains(80))
        for text in ["", "0-5", "5-4", "a-b", "1-65536", "1-2-3"] {
            #expect(throws: AddressParseError.self) { try PortRange(text) }
        }
    }

    @Test func protocols() {
        #expect(L4Protocol.allCases.allSatisfy { L4Protocol(name: $0.description) == $0 })
        #expect(L4Protocol(name: "tcp") == nil)
        #expect(L4Protocol.allCases.map(\.rawValue) == [6, 17, 132])
    }
}

import Net
import Testing

@testable import CNI

@Suite struct AttachmentResultTests {
    private func result() throws -> AttachmentResult {
        AttachmentResult(
            interfaces: [
                .init(name: "cni0", macAddress: try MACAddress("02:00:00:00:00:01"), mtu: 1500),
                .init(
                    name: "eth0", macAddress: try MACAddress("02:00:00:00:00:02"), mtu: 1400, sandbox: "/run/netns/a"),
            ],
            addresses: [
                .init(try IPAddress("10.1.0.5"), prefixLength: 24, gateway: try IPAddress("10.1.0.1"), interface: 1),
                .init(try IPAddress("fd00::5"), prefixLength: 64, interface: 1),
            ],
            routes: [.init(try IPPrefix("0.0.0.0/0"), gateway: try IPAddress("10.1.0.1"), mtu: 1300, table: 7)],
            dns: DNSSettings(nameservers: ["10.96.0.10"], domain: "a", search: ["b"], options: ["c"]))
    }

    @Test(arguments: [
        (
            SpecVersion.v1_1_0,
            #"""
            {"cniVersion":"1.1.0","interfaces":[{"name":"cni0","mac":"02:00:00:00:00:01","mtu":1500},{"name":"eth0","mac":"02:00:00:00:00:02","mtu":1400,"sandbox":"/run/netns/a"}],"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1","interface":1},{"address":"fd00::5/64","interface":1}],"routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1","mtu":1300,"table":7}],"dns":{"nameservers":["10.96.0.10"],"domain":"a","search":["b"],"options":["c"]}}
            """#
        ),
        (
            .v1_0_0,
            #"""
            {"cniVersion":"1.0.0","interfaces":[{"name":"cni0","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/a"}],"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1","interface":1},{"address":"fd00::5/64","interface":1}],"routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}],"dns":{"nameservers":["10.96.0.10"],"domain":"a","search":["b"],"options":["c"]}}
            """#
        ),
        (
            .v0_4_0,
            #"""
            {"cniVersion":"0.4.0","interfaces":[{"name":"cni0","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/a"}],"ips":[{"version":"4","address":"10.1.0.5/24","gateway":"10.1.0.1","interface":1},{"version":"6","address":"fd00::5/64","interface":1}],"routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}],"dns":{"nameservers":["10.96.0.10"],"domain":"a","search":["b"],"options":["c"]}}
            """#
        ),
    ])
    func eachVersionHasItsWords(version: SpecVersion, text: String) throws {
        #expect(try result().json(version).text == text)
    }

    @Test(arguments: SpecVersion.allCases)
    func resultsOfEachVersionAreRead(version: SpecVersion) throws {
        let call = try Calls.call(#""prevResult": \#(try result().json(version).text)"#)
        let previous = try #require(try call.previousResult)
        #expect(previous.json(version) == (try result().json(version)))
        if version == .latest { #expect(previous == (try result())) }
    }

    @Test func theResultOfAnotherVersionIsConverted() throws {
        let call = try Calls.call(
            #""prevResult": {"cniVersion": "0.3.1", "ips": [{"version": "4", "address": "10.1.0.5/24", "interface": 3}], "dns": {}}"#
        )
        #expect(
            try call.previousResult?.json(.v1_1_0).text == #"{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.5/24"}]}"#)
    }

    @Test(arguments: [
        (#"{"cniVersion": "0.2.0", "ip4": {"ip": "10.1.0.5/24"}}"#, CNIError.Code.incompatibleVersion),
        (#"{"ips": [{"address": "10.1.0.5"}]}"#, .badConfiguration), (#"{"ips": {}}"#, .badConfiguration),
        (#"{"interfaces": [{"mac": "x"}]}"#, .badConfiguration), (#"[]"#, .badConfiguration),
    ])
    func aPreviousResultThatIsNoneIsRefused(text: String, code: CNIError.Code) throws {
        let call = try Calls.call(#""prevResult": \#(text)"#)
        #expect(#expect(throws: CNIError.self) { try call.previousResult }?.code == code)
    }

    @Test func nullIsNoPreviousResult() throws {
        #expect(try Calls.call(#""prevResult": null"#).previousResult == nil)
    }

    @Test func resultsAreMerged() throws {
        let merged = try result().merging(try result())
        #expect(merged.interfaces.count == 4)
        #expect(merged.addresses.map(\.interface) == [1, 1, 3, 3])
        #expect(merged.routes.count == 2)
        #expect(try result().merging(AttachmentResult()) == (try result()))
    }

    @Test func onlyTheContainersAddressesAreItsOwn() throws {
        var result = try result()
        result.addresses[1].interface = 0
        #expect(result.addresses(ofInterface: "eth0").map(\.address.description) == ["10.1.0.5"])
        result.addresses[1].interface = nil
        #expect(result.addresses(ofInterface: "eth0").count == 2)
    }

    @Test(arguments: [
        (#""name": """#, CNIError.Code.badConfiguration), (#""name": "a/b""#, .badConfiguration),
        (#""name": 3"#, .badConfiguration), (#""cniVersion": "0.2.0""#, .incompatibleVersion),
        (#""cniVersion": "1.2.0""#, .incompatibleVersion), (#""cniVersion": null"#, .incompatibleVersion),
        (#""cniVersion": 1"#, .badConfiguration),
    ])
    func callsWithoutNameOrVersionAreRefused(members: String, code: CNIError.Code) throws {
        #expect(#expect(throws: CNIError.self) { try Calls.call(members) }?.code == code)
    }

    @Test(arguments: [("CHECK", "0.3.1"), ("STATUS", "1.0.0"), ("GC", "1.0.0"), ("GC", "0.4.0")])
    func commandsAreSinceTheirVersion(command: String, version: String) throws {
        let error = #expect(throws: CNIError.self) {
            try Calls.call(#""cniVersion": "\#(version)""#, environment: Calls.environment(command))
        }
        #expect(error?.code == .incompatibleVersion)
        #expect(error?.message.contains(command) == true)
    }

    @Test func validAttachmentsAreReadUnderBothNames() throws {
        for name in ["cni.dev/valid-attachments", "cni.dev/attachments"] {
            let call = try Calls.call(#""\#(name)": [{"containerID": "a", "ifname": "eth0"}]"#)
            #expect(
                try call.validAttachments == [Attachment(network: "pods", containerID: "a", interfaceName: "eth0")])
        }
        #expect(try Calls.call(#""cni.dev/valid-attachments": null"#).validAttachments == [])
        #expect(throws: CNIError.self) { try Calls.call("").validAttachments }
        #expect(throws: CNIError.self) { try Calls.call(#""cni.dev/valid-attachments": [{}]"#).validAttachments }
    }
}

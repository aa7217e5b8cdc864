import CNI
import TestSupport
import Testing

/// IPAM plugins of other processes, here written for the shell.
@Suite struct DelegatedPluginTests {
    private func plugin(
        _ directory: borrowing TemporaryDirectory, _ script: String, command: String = "ADD"
    ) throws -> DelegatedPlugin {
        try directory.write(script: "addresses", script)
        let call = try Calls.call(
            #""ipam": {"type": "addresses"}"#,
            environment: Calls.environment(command, arguments: "IP=10.1.0.9", path: "/nowhere:\(directory.path)"))
        return DelegatedPlugin("addresses", call)
    }

    @Test func itGetsTheEnvironmentAndTheConfiguration() throws {
        let directory = try TemporaryDirectory()
        let plugin = try plugin(
            directory,
            #"""
            env | grep ^CNI_ | sort > "${0%/*}/environment"
            cat > "${0%/*}/input"
            echo '{"cniVersion": "0.4.0", "ips": [{"version": "4", "address": "10.1.0.9/24", "gateway": "10.1.0.1"}]}'
            """#)
        let result = try plugin.add()
        #expect(result.addresses.map(\.address.description) == ["10.1.0.9"])
        let expected = """
            CNI_ARGS=IP=10.1.0.9
            CNI_COMMAND=ADD
            CNI_CONTAINERID=c1
            CNI_IFNAME=eth0
            CNI_NETNS=/run/netns/c1
            CNI_PATH=/nowhere:\(directory.path)

            """
        #expect(try directory.read("environment") == expected)
        #expect(
            try directory.read("input") == #"{"name": "pods", "cniVersion": "1.1.0", "ipam": {"type": "addresses"}}"#)
    }

    @Test(arguments: [
        (#"echo '{"code": 11, "msg": "later", "details": "why"}'; exit 1"#, 11, "IPAM plugin addresses: later: why"),
        (#"echo '{"code": 999, "msg": "no"}'; exit 1"#, 104, "IPAM plugin addresses: no"),
        ("exit 3", 104, "IPAM plugin addresses ended with status 3 for ADD"),
        ("kill -9 $$", 104, "IPAM plugin addresses was killed by signal 9 for ADD"),
        ("echo '{}'", 104, "IPAM plugin addresses: no address in its result"), ("echo x", 6, "not JSON"),
        (#"echo '{"ips": 3}'"#, 7, "result of IPAM plugin addresses.ips"),
    ])
    func aFailedAddIsTakenBack(script: String, code: Int, message: String) throws {
        let directory = try TemporaryDirectory()
        let plugin = try plugin(directory, #"echo "$CNI_COMMAND" >> "${0%/*}/commands"; \#(script)"#)
        let error = #expect(throws: CNIError.self) { try plugin.add() }
        #expect(error?.code.rawValue == code)
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        #expect(try directory.read("commands") == "ADD\nDEL\n")
    }

    @Test func aPluginThatIsNotThereIsNamed() throws {
        let call = try Calls.call("")
        let error = #expect(throws: CNIError.self) { try DelegatedPlugin("absent", call).run(.delete) }
        #expect(error?.message == "CNI_PATH \"/opt/cni/bin\" has no IPAM plugin absent")
    }
}

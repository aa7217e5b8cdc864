import CNI
import Net
import TestSupport
import Testing

/// Attachments from their beginning to their end, each call a process.
@Suite(.pluginNamespaces) struct LifecycleTests {
    private static let modes = [
        #""mode": "bridge", "isDefaultGateway": true, "hairpinMode": true, "ipMasq": true"#,
        #""mode": "ptp", "ipMasq": true"#,
    ]

    @Test(arguments: modes)
    func containersReachEachOtherUntilTheyGo(members: String) throws {
        let lab = try PluginLab(members)
        let (one, two) = (try Container(), try Container())
        #expect(try lab.call("STATUS").succeeded)
        let first = try lab.add(one)
        let second = try lab.add(two)
        #expect(Set(first.addresses + second.addresses).count == 4)
        let interfaces = try #require(try AttachmentResultText(first).interfaces)
        #expect(interfaces.last == ["eth0", one.path])
        let server = try two.namespace.serve("two", port: 7, transports: [.udp])
        for address in second.addresses { #expect(try one.reaches(address), "\(address)") }
        withExtendedLifetime(server) {}

        let previous: JSONObject = ["prevResult": first.node]
        let check = try lab.call("CHECK", one, previous)
        #expect(check.succeeded, "\(check.message)")
        #expect(try lab.call("CHECK", one).code == 7)
        _ = try one.tool(
            "ip", "address", "del", "\(first.addresses[0])/\(members.contains("ptp") ? 32 : 24)", "dev", "eth0")
        #expect(try lab.call("CHECK", one, previous).code == 103)

        #expect(try lab.call("DEL", one, previous).node == .null)
        #expect(try lab.call("CHECK", one, previous).code == 103)
        #expect(try lab.call("DEL", one, hasNamespace: false).succeeded)
        #expect(try lab.call("DEL", one, previous).succeeded)
        let rest = try lab.traces()
        #expect(!rest.isEmpty)
        #expect(!rest.contains { $0.contains(one.id) })
        #expect(try lab.call("DEL", two, hasNamespace: false).succeeded)
        #expect(try lab.traces() == [])
    }

    @Test(arguments: SpecVersion.allCases)
    func resultsAreOfTheVersionThatIsAskedFor(version: SpecVersion) throws {
        let lab = try PluginLab()
        let container = try Container()
        let changes: JSONObject = ["cniVersion": .string(version.rawValue)]
        let answer = try lab.add(container, changes)
        #expect(answer.node.object?["cniVersion"] == .string(version.rawValue))
        #expect(answer.node.text.contains(#""version":"4""#) == (version < .v1_0_0))
        #expect(answer.node.text.contains(#""mtu""#) == (version == .v1_1_0))
        #expect(try lab.call("DEL", container, changes.replacing(["prevResult": answer.node])).succeeded)
        #expect(try lab.traces() == [])
    }

    @Test func whatIsNotValidAnyMoreIsCollected() throws {
        let lab = try PluginLab()
        let (kept, lost) = (try Container(), try Container())
        let result = try lab.add(kept)
        _ = try lab.add(lost)
        func collect(_ containers: [Container]) throws -> PluginLab.Answer {
            let valid = containers.map {
                JSONNode.object(["containerID": .string($0.id), "ifname": .string("eth0")])
            }
            return try lab.call("GC", nil, ["cni.dev/valid-attachments": .array(valid)])
        }
        #expect(try lab.call("GC").code == 7)
        let answer = try collect([kept])
        #expect(answer.succeeded && answer.node == .null, "\(answer.message)")
        #expect(try lab.traces().contains { $0.contains(lost.id) } == false)
        #expect(try lab.call("CHECK", kept, ["prevResult": result.node]).succeeded)
        #expect(try collect([]).succeeded)
        #expect(try lab.traces() == [])
    }

    @Test func aSecondAddAndATakenInterfaceAreRefusedAndHarmNothing() throws {
        let lab = try PluginLab()
        let (one, two) = (try Container(), try Container())
        let result = try lab.add(one)
        #expect(try lab.call("ADD", one).succeeded == false)
        #expect(try lab.call("CHECK", one, ["prevResult": result.node]).succeeded)
        let before = try lab.traces()
        _ = try two.tool("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "other0")
        let refused = try lab.call("ADD", two)
        #expect(refused.message.contains("eth0"), "\(refused.message)")
        #expect(try lab.traces() == before)
        #expect(try two.tool("ip", "link").contains("other0"))
        #expect(try lab.call("DEL", two).succeeded)
        #expect(try two.tool("ip", "link").contains("other0"))
    }

    @Test func aHostPortThatIsTakenUndoesTheAdd() throws {
        let lab = try PluginLab()
        let (one, two) = (try Container(), try Container())
        let ports = try JSONNode(#"{"portMappings": [{"HostPort": 8090, "ContainerPort": 7, "Protocol": "udp"}]}"#)
        _ = try lab.add(one, ["runtimeConfig": ports])
        let before = try lab.traces()
        let refused = try lab.call("ADD", two, ["runtimeConfig": ports])
        #expect(refused.code == 102)
        #expect(refused.message.contains(one.id), "\(refused.message)")
        #expect(try lab.traces() == before)
        #expect(try two.tool("ip", "link").contains("eth0") == false)
        #expect(try lab.call("DEL", one, hasNamespace: false).succeeded)
        #expect(try lab.call("ADD", two, ["runtimeConfig": ports]).succeeded)
    }

    @Test func addressesNeitherLeakNorRunOutSilently() throws {
        let lab = try PluginLab()
        let small = try JSONNode(
            #"{"subnet": "10.91.0.0/30", "cooldownSeconds": 0, "dataDir": "\#(lab.directory.path)/leases"}"#)
        let changes: JSONObject = ["ipam": small]
        let containers = try (0..<2).map { _ in try Container() }
        #expect(try lab.call("STATUS", nil, changes).succeeded)
        #expect(try lab.add(containers[0], changes).addresses == ["10.91.0.2"])
        #expect(try lab.call("STATUS", nil, changes).code == 50)
        #expect(try lab.call("ADD", containers[1], changes).code == 101)
        #expect(try lab.call("DEL", containers[0], changes).succeeded)
        #expect(try lab.add(containers[1], changes).addresses == ["10.91.0.2"])
    }

    @Test func deletionNeedsNoValidConfiguration() throws {
        let lab = try PluginLab()
        let container = try Container()
        _ = try lab.add(container)
        let ipam = try JSONNode(
            #"{"subnet": "nonsense", "routes": 3, "dataDir": "\#(lab.directory.path)/leases"}"#)
        let answer = try lab.call(
            "DEL", container,
            ["ipam": ipam, "mode": .string("nonsense"), "prevResult": .array([]), "mtu": .bool(true)],
            variables: ["CNI_ARGS": "nonsense"])
        #expect(answer.succeeded, "\(answer.message)")
        #expect(try lab.traces() == [])
    }
}

/// The parts of a result that tests look at.
private struct AttachmentResultText {
    /// Name and sandbox of each.
    let interfaces: [[String?]]?

    init(_ answer: PluginLab.Answer) throws {
        guard case .array(let interfaces)? = answer.node.object?["interfaces"] else {
            self.interfaces = nil
            return
        }
        self.interfaces = interfaces.map { [$0.object?["name"]?.string, $0.object?["sandbox"]?.string] }
    }
}

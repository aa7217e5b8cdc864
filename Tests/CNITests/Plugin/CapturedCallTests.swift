import CNI
import Netlink
import TestSupport
import Testing

/// What runtimes really send, to a real end.
@Suite(.pluginNamespaces, .kernelLimits) struct CapturedCallTests {
    /// A captured call with the lab's network and a namespace that is there.
    private func replay(
        _ captured: CapturedCall, _ lab: PluginLab, _ container: Container, previous: PluginLab.Answer? = nil
    ) throws -> PluginLab.Answer {
        var environment = captured.environment
        environment["CNI_PATH"] = lab.directory.path
        if environment["CNI_NETNS"] != "" { environment["CNI_NETNS"] = container.path }
        var members = try #require(try JSONNode(captured.input).object)
        var changes: JSONObject = ["name": .string("pods")]
        changes.append("mode", ifPresent: lab.configuration["mode"])
        changes.append("ipam", ifPresent: lab.configuration["ipam"])
        changes.append("ipMasq", ifPresent: lab.configuration["ipMasq"])
        if members["prevResult"] != nil { changes.append("prevResult", ifPresent: previous?.node) }
        members = members.replacing(changes)
        return try lab.run(environment, input: Array(JSONNode.object(members).text.utf8))
    }

    @Test(arguments: [
        [CapturedCall.containerd16Add, .containerd16Delete, .containerd16DeleteAgain],
        [.containerd21Add, .containerd21Delete, .containerd21DeleteAgain],
    ])
    func aPodOfContainerdComesAndGoes(calls: [CapturedCall]) throws {
        let lab = try PluginLab(#""mode": "ptp", "ipMasq": true"#)
        let container = try Container()
        let result = try replay(calls[0], lab, container)
        try #require(result.succeeded, "\(result.message)")
        #expect(
            result.node.object?["dns"]?.text
                == #"{"nameservers":["10.96.0.10"],"search":["demo.svc.cluster.local"],"options":["ndots:5"]}"#)
        let rules = try lab.tool("nft", "list", "ruleset")
        #expect(rules.contains("8090") && rules.contains("8053"))
        #expect(try lab.tool("tc", "qdisc").contains("tbf"))
        let id = try #require(calls[0].environment["CNI_CONTAINERID"])
        #expect(try lab.traces().contains { $0.contains(id) })
        for deletion in calls.dropFirst() {
            let answer = try replay(deletion, lab, container, previous: result)
            #expect(answer.succeeded && answer.node == .null, "\(answer.message)")
            #expect(try lab.traces() == [])
        }
    }

    @Test func aPodThatOnlyTheLastCallOfContainerdRemoves() throws {
        let lab = try PluginLab(#""mode": "bridge", "ipMasq": true"#)
        let container = try Container()
        #expect(try replay(.containerd21Add, lab, container).succeeded)
        let answer = try replay(.containerd21DeleteAgain, lab, container)
        #expect(answer.succeeded, "\(answer.message)")
        #expect(try lab.traces() == [])
    }

    @Test func aContainerOfPodmanComesAndGoes() throws {
        let lab = try PluginLab(#""mode": "bridge", "ipMasq": true"#)
        let container = try Container()
        #expect(try replay(.podmanVersion, lab, container).succeeded)
        let result = try replay(.podmanAdd, lab, container)
        #expect(result.succeeded, "\(result.message)")
        #expect(try container.tool("ip", "link", "show", "eth0").contains("mtu 1400"))
        #expect(try replay(.podmanDelete, lab, container, previous: result).succeeded)
        #expect(try lab.traces() == [])
    }

    /// As `ctr run --rm --cni` does: the namespace by its process, no arguments, one DEL without a namespace.
    @Test func aContainerOfCtrComesAndGoes() throws {
        let lab = try PluginLab()
        let container = try Container()
        let process = try ChildProcess(["cat"], in: container.namespace)
        let variables = ["CNI_NETNS": "/proc/\(process.processID)/ns/net", "CNI_ARGS": ""]
        let answer = try lab.call("ADD", container, variables: variables)
        #expect(answer.succeeded, "\(answer.message)")
        process.kill()
        #expect(try lab.call("DEL", container, hasNamespace: false, variables: ["CNI_ARGS": ""]).succeeded)
        #expect(try lab.traces() == [])
    }
}

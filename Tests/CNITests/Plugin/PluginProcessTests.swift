import CNI
import TestSupport
import Testing

/// What the process says without anything being done.
@Suite(.pluginNamespaces) struct PluginProcessTests {
    @Test func podmanAsksForTheVersionFirst() throws {
        let lab = try PluginLab()
        let captured = CapturedCall.podmanVersion
        for program in ["fairlead-cni", "loopback", "bridge"] {
            let answer = try lab.run(captured.environment, input: Array(captured.input.utf8), as: program)
            #expect(answer.succeeded)
            #expect(
                answer.node.text
                    == #"{"cniVersion":"1.0.0","supportedVersions":["0.3.1","0.4.0","1.0.0","1.1.0"]}"#)
        }
    }

    @Test(arguments: ["", "nonsense", "{}", #"{"cniVersion": 3}"#])
    func theVersionIsToldWhateverTheInput(input: String) throws {
        let answer = try PluginLab().run(["CNI_COMMAND": "VERSION"], input: Array(input.utf8))
        #expect(answer.succeeded)
        #expect(answer.node.object?["cniVersion"] == .string("1.1.0"))
    }

    @Test(
        arguments: [
            ([:], "", 4, "1.1.0"), (["CNI_COMMAND": "ADD"], "", 4, "1.1.0"),
            (["CNI_COMMAND": "STATUS"], "", 6, "1.1.0"),
            (["CNI_COMMAND": "STATUS"], #"{"cniVersion": "1.0.0", "name": "a"}"#, 1, "1.0.0"),
            (["CNI_COMMAND": "STATUS"], #"{"cniVersion": "0.1.0", "name": "a"}"#, 1, "1.1.0"),
            (["CNI_COMMAND": "STATUS"], #"{"cniVersion": "1.1.0"}"#, 7, "1.1.0"),
            (["CNI_COMMAND": "GC"], #"{"cniVersion": "1.1.0", "name": "a"}"#, 7, "1.1.0"),
            (["CNI_COMMAND": "STATUS"], "[1", 6, "1.1.0"), (["CNI_COMMAND": "STATUS"], "[]", 6, "1.1.0"),
        ] as [([String: String], String, Int, String)])
    func failuresAreToldAsTheSpecificationSays(
        environment: [String: String], input: String, code: Int, version: String
    ) throws {
        let answer = try PluginLab().run(environment, input: Array(input.utf8))
        #expect(answer.status == .exited(status: 1))
        #expect(answer.code == code)
        #expect(answer.node.object?["cniVersion"] == .string(version))
        #expect(answer.message.count > 4)
    }

    @Test func damagedInputIsAnsweredInJSON() throws {
        let lab = try PluginLab()
        var generator = SeededGenerator(seed: 7)
        for captured in CapturedCall.all where captured.environment["CNI_COMMAND"] == "ADD" {
            for _ in 0..<12 {
                var input = Array(captured.input.utf8)
                for _ in 0..<3 {
                    input[Int.random(in: input.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                let answer = try lab.run(captured.environment, input: input)
                #expect(answer.status == .exited(status: 1))
                #expect([1, 3, 6, 7].contains(try #require(answer.code)), "\(answer.message)")
            }
        }
    }

    @Test func aNamespaceThatIsGoneOrTheNodesOwnIsRefused() throws {
        let lab = try PluginLab()
        let container = try Container()
        let own = ["CNI_NETNS": "/proc/self/ns/net"]
        for command in ["ADD", "CHECK"] {
            #expect(try lab.call(command, container, variables: own).code == 4)
            #expect(try lab.call(command, container, variables: ["CNI_NETNS": "/nonexistent"]).code == 3)
            #expect(try lab.call(command, container, variables: ["CNI_NETNS": "/etc/passwd"]).code == 4)
        }
        #expect(try lab.call("DEL", container, variables: own).succeeded)
        #expect(try lab.call("DEL", container, variables: ["CNI_NETNS": "/nonexistent"]).succeeded)
        #expect(try lab.call("DEL", container, variables: ["CNI_NETNS": "/etc/passwd"]).succeeded)
        #expect(try lab.traces() == [])
    }
}

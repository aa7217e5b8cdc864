import CNI
import FoundationEssentials
import Net
import Netlink
import TestSupport
import Testing

/// Rules of pods that run, after a stranger was at the tables.
@Suite(.pluginNamespaces) struct RepairTests {
    private let lab: PluginLab
    private let one: Container
    private let two: Container
    private var results: String { "\(lab.directory.path)/results" }

    init() throws {
        lab = try PluginLab()
        (one, two) = (try Container(), try Container())
        try Shell.run("mkdir '\(lab.directory.path)/results'")
    }

    private func capabilities(_ port: Int) throws -> JSONNode {
        try JSONNode(
            #"{"portMappings": [{"hostPort": \#(port), "containerPort": 80, "protocol": "tcp"}, {"HostPort": \#(port), "#
                + #""ContainerPort": 53, "Protocol": "udp", "HostIP": "192.0.2.1"}]}"#)
    }

    /// ADD as libcni makes it: with the result and all that led to it in a file of its cache.
    @discardableResult
    private func add(_ container: Container, port: Int) throws -> PluginLab.Answer {
        let capabilities = try capabilities(port)
        let answer = try lab.add(
            container, ["runtimeConfig": capabilities, "resultsDir": .string(results)])
        var plugin = lab.configuration.replacing(["name": .null, "cniVersion": .null])
        plugin.append("capabilities", .object(["portMappings": .bool(true), "bandwidth": .bool(true)]))
        let list = JSONNode.object([
            "cniVersion": .string("1.0.0"), "cniVersions": .array([.string("1.0.0"), .string("1.1.0")]),
            "name": .string("pods"),
            "plugins": .array([.object(plugin), .object(["type": .string("somebody-elses")])]),
        ])
        let file = JSONNode.object([
            "kind": .string("cniCacheV1"), "containerId": .string(container.id),
            "config": .string(Data(list.text.utf8).base64EncodedString()), "ifName": .string("eth0"),
            "networkName": .string("pods"), "netns": .string(container.path),
            "cniArgs": .array([
                .array([.string("IgnoreUnknown"), .string("1")]), .array([.string("K8S_POD_NAME"), .string("x")]),
            ]), "capabilityArgs": capabilities, "result": answer.node,
        ])
        try lab.directory.write("results/pods-\(container.id)-eth0", file.text)
        return answer
    }

    /// In any order: that of a set's elements changes when they are written anew.
    private func ruleset() throws -> [String] {
        try lab.tool("nft", "list", "ruleset").split { $0.isNewline || $0 == "," || $0 == "{" || $0 == "}" }
            .map { $0.filter { !$0.isWhitespace } }.sorted()
    }

    private func repair(isDryRun: Bool = false) throws -> [RulesRepair.Outcome] {
        try lab.node.run { try RulesRepair(folder: results).run(isDryRun: isDryRun) }
    }

    @Test(
        arguments: [
            "flush ruleset", "delete table ip fairlead-cni", "flush set ip fairlead-cni masqueraded-pods",
            "flush map ip fairlead-cni host-ports", "flush chain ip6 fairlead-cni postrouting",
        ])
    func whatIsMissingComesBack(command: String) throws {
        try add(one, port: 8081)
        try add(two, port: 8082)
        let before = try ruleset()
        #expect(try repair() == [])
        _ = try lab.tool("nft", command)
        #expect(try ruleset() != before)
        let seen = try repair(isDryRun: true)
        #expect(Set(seen.map(\.attachment.containerID)) == [one.id, two.id])
        #expect(try ruleset() != before)
        let outcomes = try repair()
        // A constant part that is missing is that of all, and is back with the first.
        #expect(!outcomes.isEmpty && outcomes.allSatisfy { $0.failure == nil && !$0.damage.isEmpty })
        #expect(try ruleset() == before)
        #expect(try repair() == [])
    }

    @Test(arguments: ["ADD", "GC", "STATUS"]) func thePluginBringsItBackByItself(command: String) throws {
        let first = try add(one, port: 8081)
        let before = try ruleset()
        _ = try lab.tool("nft", "delete", "table", "ip", "fairlead-cni")
        let folder: JSONObject = ["resultsDir": .string(results)]
        switch command {
        case "ADD":
            _ = try lab.add(two, folder)
            #expect(try lab.call("DEL", two).succeeded)
        case "GC":
            let valid = JSONNode.object(["containerID": .string(one.id), "ifname": .string("eth0")])
            #expect(try lab.call("GC", nil, folder.replacing(["cni.dev/valid-attachments": .array([valid])])).succeeded)
        default:
            // The second look, at what is right again, changes nothing.
            for _ in 0..<2 { #expect(try lab.call("STATUS", nil, folder).succeeded) }
        }
        #expect(try ruleset() == before)
        let check: JSONObject = ["prevResult": first.node, "runtimeConfig": try capabilities(8081)]
        #expect(try lab.call("CHECK", one, check).succeeded)
    }

    @Test func whatBelongsToNobodyStaysAway() throws {
        try add(one, port: 8081)
        try add(two, port: 8082)
        // Its file is still there, as when the machine had lost power; others are no such files, and one is damaged.
        #expect(try lab.call("DEL", two).succeeded)
        try lab.directory.write("results/other", #"{"kind": "somethingElse"}"#)
        try lab.directory.write("results/damaged", #"{"kind": "cniCacheV1", "containerId": "x", "config": "?"}"#)
        let before = try ruleset()
        _ = try lab.tool("nft", "flush", "ruleset")
        #expect(try repair().map(\.attachment.containerID) == [one.id])
        #expect(try ruleset() == before)
    }

    @Test func aHostPortThatAnotherHasTakenMeanwhileIsTold() throws {
        try add(one, port: 8081)
        _ = try lab.tool("nft", "flush", "ruleset")
        _ = try lab.add(two, ["runtimeConfig": try capabilities(8081), "resultsDir": .string("/nonexistent")])
        let outcomes = try repair()
        #expect(outcomes.map(\.attachment.containerID) == [one.id])
        #expect(outcomes.first?.failure?.contains("host port 8081/TCP is taken by eth0 of container \(two.id)") == true)
    }

    @Test(
        arguments: [
            "add set ip fairlead-cni masqueraded-pods { type ipv6_addr; }",
            "add map ip fairlead-cni host-ports { type ipv4_addr : ipv4_addr; }",
            "add chain ip fairlead-cni prerouting { type filter hook forward priority 7; }",
        ])
    func aTableOfOurNameThatIsNotOursIsReplaced(command: String) throws {
        _ = try lab.tool("nft", "add table ip fairlead-cni; \(command)")
        // There is nothing of ours to delete, and nothing that keeps a container from going away.
        #expect(try lab.call("DEL", one).succeeded)
        let answer = try lab.call("ADD", one, ["runtimeConfig": try capabilities(8081)])
        #expect(answer.succeeded, "\(answer.message)")
        let check: JSONObject = ["prevResult": answer.node, "runtimeConfig": try capabilities(8081)]
        let checked = try lab.call("CHECK", one, check)
        #expect(checked.succeeded, "\(checked.message)")
        #expect(try lab.call("DEL", one).succeeded)
        #expect(try lab.traces() == [])
    }

    @Test(arguments: ["", "QQ==", "QUI=", "QUJD", "AP/+"]) func base64IsRead(text: String) throws {
        #expect([UInt8](base64: text) == Data(base64Encoded: text).map(Array.init))
    }

    @Test(arguments: ["Q", "QQ", "QQ=", "QQ=A", "Q?==", "===="]) func whatIsNoBase64IsNone(text: String) {
        #expect([UInt8](base64: text) == nil)
    }
}

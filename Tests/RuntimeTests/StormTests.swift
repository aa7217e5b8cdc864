import FoundationEssentials
import Net
import Netlink
import TestSupport
import Testing

@Suite("A storm of calls", .node(with: "ip", "nft", "conntrack"))
struct StormTests {
    private let folder: TemporaryFolder
    private let node: NetworkNamespace

    init() throws {
        folder = try TemporaryFolder()
        node = try LabNamespace.create(forwards: true)
        try Tool.run("ip", "address", "add", "192.168.9.1/32", "dev", "lo", in: node)
    }

    private func call(_ command: String, _ interface: ContainerInterface, _ input: String) throws {
        let process = try node.run {
            try PluginRun(RuntimeNode.plugin, environment: interface.environment(command), input: input)
        }
        try #require(process.succeeded, "\(command): \(process.output)")
    }

    /// What the kernel and the lease store have of pods; the names of pods where there are any.
    private func traces() throws -> [String] {
        let list = try node.run {
            try Tool.run(RuntimeNode.program, "cni", "list", "--data-dir", folder.path, in: node)
        }
        let links = try Tool.run("ip", "-details", "link", "show", in: node)
        let rules = try Tool.run("nft", "list", "ruleset", in: node)
        let flows = try Tool.run("bash", "-c", "conntrack -L 2>/dev/null", in: node)
        let routes = try Tool.run("bash", "-c", "ip route show table all; ip -6 route show table all", in: node)
        return (list + links + rules + flows + routes).split(separator: "\n").map(String.init)
            .filter { line in (Storm.addresses + ["storm-", "veth", "ifb"]).contains { line.contains($0) } }
    }

    @Test("of which some are killed leaves nothing after GC but the pods that live, and no address is taken twice")
    func storm() throws {
        let storm = Storm(in: node, dataFolder: folder.path)
        try storm.rage(calls: 1_000, workers: 8, seed: 1)
        #expect(storm.problems == [])
        #expect(storm.calls >= 1_000 && storm.kills > 50 && storm.survivors.count > 5)
        // GC has something to do.
        let before = try traces()
        #expect(before.count > storm.survivors.count * 2)

        let valid = storm.survivors.map {
            #"{"containerID": "\#($0.interface.containerID)", "ifname": "\#($0.interface.name)"}"#
        }
        let nobody = ContainerInterface(containerID: "", namespacePath: "", name: "", pluginFolders: RuntimeNode.folder)
        try call(
            "GC", nobody,
            storm.configuration(more: #""cni.dev/valid-attachments": [\#(valid.joined(separator: ","))]"#))
        let names = Set(storm.survivors.map(\.interface.containerID))
        let left = Set(try traces().flatMap { $0.matches(of: #/storm-\d+-\d+/#).map { String($0.0) } })
        #expect(left == names)
        for survivor in storm.survivors {
            try call("CHECK", survivor.interface, storm.configuration(more: "\"prevResult\": \(survivor.result)"))
            try call("DEL", survivor.interface, storm.configuration(more: "\"prevResult\": \(survivor.result)"))
        }
        let last = try traces()
        #expect(last == [])
        storm.forgetSurvivors()
    }
}

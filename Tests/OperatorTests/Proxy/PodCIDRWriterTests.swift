import FoundationEssentials
import KubeAPI
import Logging
import TestSupport
import Testing

@testable import fairlead

@Suite("The file of the pods' networks")
struct PodCIDRWriterTests {
    private let directory: TemporaryDirectory
    private let writer: PodCIDRWriter

    init() throws {
        directory = try TemporaryDirectory()
        writer = try #require(
            PodCIDRWriter(
                path: directory.file("run/fairlead/pod-cidrs"), nodeName: "node-1", logger: Logger(label: "test")))
    }

    private static func node(_ networks: [String], named name: String = "node-1") -> Node {
        var node = Node(metadata: ObjectMeta(name: name))
        node.spec = NodeSpec(podCIDRs: networks)
        return node
    }

    private func lines() -> [Substring] {
        ((try? directory.read("run/fairlead/pod-cidrs")) ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    private func attribute(_ key: FileAttributeKey) throws -> Int? {
        let file = directory.file("run/fairlead/pod-cidrs")
        return try FileManager.default.attributesOfItem(atPath: file)[key] as? Int
    }

    @Test("follows this node's Node object, and is for everybody to read")
    func follows() async throws {
        let running = Task { [writer] in await writer.run() }
        defer { running.cancel() }
        writer.heard(Self.node(["10.244.2.0/24"], named: "node-2"))
        writer.heard(Self.node(["10.244.1.0/24", "fd00:10:244:1::/64"]))
        try await eventually { lines() == ["10.244.1.0/24", "fd00:10:244:1::/64"] }
        #expect(try attribute(.posixPermissions) == 0o644)
        // Without any it stays as it is.
        writer.heard(Self.node([]))
        writer.heard(Self.node(["10.244.3.0/24"]))
        try await eventually { lines() == ["10.244.3.0/24"] }
    }

    @Test("has what a Node of one family has")
    func legacy() async throws {
        let running = Task { [writer] in await writer.run() }
        defer { running.cancel() }
        var node = Self.node([])
        node.spec.podCIDR = "10.244.9.0/24"
        writer.heard(node)
        try await eventually { lines() == ["10.244.9.0/24"] }
    }

    @Test("is written anew only when it changes, in one step")
    func writing() throws {
        #expect(try writer.write(Array("a".utf8)))
        let first = try attribute(.systemFileNumber)
        #expect(try !writer.write(Array("a".utf8)))
        #expect(try attribute(.systemFileNumber) == first)
        #expect(try writer.write(Array("b".utf8)))
        #expect(try attribute(.systemFileNumber) != first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("run/fairlead")) == ["pod-cidrs"])
    }

    @Test("that cannot be written is written once it can")
    func failure() async throws {
        let running = Task { [writer] in await writer.run() }
        defer { running.cancel() }
        try directory.write("run", "in the way")
        writer.heard(Self.node(["10.244.1.0/24"]))
        try directory.remove("run")
        // The Node's next heartbeat.
        try await eventually {
            writer.heard(Self.node(["10.244.1.0/24"]))
            return lines() == ["10.244.1.0/24"]
        }
    }

    @Test("is removed where it is ours, and somebody else's is not")
    func removal() throws {
        let path = directory.file("pod-cidrs")
        #expect(try !PodCIDRWriter.remove(path))
        try directory.write("pod-cidrs", "10.244.1.0/24\n")
        #expect(try !PodCIDRWriter.remove(path))
        try directory.write("pod-cidrs", "# Written by fairlead: x\n10.244.1.0/24\n")
        #expect(try PodCIDRWriter.remove(path))
        #expect(try !PodCIDRWriter.remove(path))
    }

    @Test("is nowhere where that is said")
    func off() throws {
        for path in ["off", ""] {
            let options = try PodCIDRFileOptions.parse(["--pod-cidr-file", path])
            #expect(PodCIDRWriter(path: options.path, nodeName: "node-1", logger: Logger(label: "test")) == nil)
        }
        #expect(try PodCIDRFileOptions.parse([]).path == "/run/fairlead/pod-cidrs")
    }
}

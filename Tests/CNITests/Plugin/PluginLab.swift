import CNI
import Glibc
import Net
import Netlink
import Synchronization
import TestSupport
import Testing

/// A node on which a runtime calls the plugin as a process, and the containers that it does so for. All ends with the lab.
final class PluginLab: Sendable {
    let node: NetworkNamespace
    /// With the leases, and the plugin under the names of others.
    let directory: TemporaryDirectory
    let configuration: JSONObject

    /// - Parameter members: Of the configuration. The addresses are 10.90.0.0/24 and fd00:90::/64 unless they say otherwise.
    init(_ members: String = #""mode": "bridge", "isDefaultGateway": true, "hairpinMode": true, "ipMasq": true"#) throws
    {
        directory = try TemporaryDirectory()
        node = try NetworkNamespace.create()
        for name in PluginKind.allCases.map(\.rawValue) {
            try Shell.run("ln -s '\(BuiltProduct.path("fairlead-cni"))' '\(directory.path)/\(name)'")
        }
        let text = #"""
            {"cniVersion": "1.1.0", "name": "pods", "type": "fairlead-cni",
            "ipam": {"ranges": [[{"subnet": "10.90.0.0/24"}], [{"subnet": "fd00:90::/64"}]],
            "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}], "dataDir": "\#(directory.path)/leases"}, \#(members)}
            """#
        configuration = try #require(try JSONNode(text).object)
        try node.run {
            var socket = try RouteSocket()
            try socket.perform(.setLink(.name("lo"), LinkAttributes(isUp: true)))
        }
    }

    /// What a call has answered.
    struct Answer {
        let status: ProcessRun.End
        /// Null when nothing was written.
        let node: JSONNode

        var succeeded: Bool { status == .exited(status: 0) }
        var code: Int? {
            guard case .number(let text)? = node.object?["code"] else { return nil }
            return Int(text)
        }
        var message: String { "\(node.object?["msg"]?.string ?? ""): \(node.object?["details"]?.string ?? "")" }
        /// The addresses of a result, without their lengths.
        var addresses: [String] {
            guard case .array(let ips)? = node.object?["ips"] else { return [] }
            return ips.compactMap { $0.object?["address"]?.string?.split(separator: "/").first.map(String.init) }
        }
    }

    /// Calls the plugin.
    ///
    /// - Parameters:
    ///   - container: Nil for commands that are of no attachment.
    ///   - hasNamespace: Whether the runtime still has the container's namespace.
    ///   - changes: Members in the place of, or beside, those of the configuration; null takes one away.
    @discardableResult
    func call(
        _ command: String, _ container: Container? = nil, hasNamespace: Bool = true,
        as program: String = "fairlead-cni",
        _ changes: JSONObject = [:], variables: [String: String] = [:]
    ) throws -> Answer {
        var environment = ["CNI_COMMAND": command, "CNI_PATH": directory.path]
        if let container {
            environment["CNI_CONTAINERID"] = container.id
            environment["CNI_NETNS"] = hasNamespace ? container.path : ""
            environment["CNI_IFNAME"] = "eth0"
        }
        environment.merge(variables) { $1 }
        let input = JSONNode.object(configuration.replacing(changes)).text
        return try run(environment, input: Array(input.utf8), as: program)
    }

    /// Calls the plugin with any environment and input.
    func run(_ environment: [String: String], input: [UInt8], as program: String = "fairlead-cni") throws -> Answer {
        let run = try node.run {
            try ProcessRun(
                path: "\(directory.path)/\(program)", environment: environment, input: input, outputLimitBytes: 1 << 20,
                timeoutMilliseconds: 100_000)
        }
        let text = String(decoding: run.output, as: UTF8.self)
        return Answer(status: run.end, node: text.isEmpty ? .null : try JSONNode(text))
    }

    /// ADD that has to succeed; its result.
    func add(_ container: Container, _ changes: JSONObject = [:]) throws -> Answer {
        let answer = try call("ADD", container, changes)
        try #require(answer.succeeded, "\(answer.message)")
        return answer
    }

    /// What a tool says on the node.
    func tool(_ command: String...) throws -> String { try Tool.run(command, in: node) }

    /// What is left of containers: links of theirs, elements of sets, addresses that are held.
    func traces() throws -> [String] {
        let links = try tool("ip", "-o", "link").split(separator: "\n").filter {
            $0.contains("veth") || $0.contains("ifb")
        }
        let rules = try tool("nft", "list", "ruleset").split(separator: "\n").filter {
            $0.contains("fairlead/") || $0.contains("container")
        }
        let leases = try AddressStore(store, network: "pods").leases().filter {
            if case .held = $0.state { return true } else { return false }
        }
        return (links + rules).map(String.init) + leases.map { "\($0)" }
    }

    private var store: IPAMConfiguration {
        var configuration = IPAMConfiguration()
        configuration.dataDirectory = "\(directory.path)/leases"
        return configuration
    }
}

extension JSONObject {
    /// With members in the place of others; null takes one away.
    func replacing(_ changes: JSONObject) -> JSONObject {
        var object = JSONObject()
        for member in members where changes[member.name] == nil { object.append(member.name, member.value) }
        for member in changes.members where member.value != .null { object.append(member.name, member.value) }
        return object
    }
}

/// A container that has no network yet: a namespace at a path.
final class Container: Sendable {
    private static let count = Atomic<Int>(0)

    let id: String
    let namespace: NetworkNamespace

    init() throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        id = "container-\(getpid())-\(number)"
        namespace = try NamedNetworkNamespace.create("fairlead-\(id)")
    }

    deinit { try? NamedNetworkNamespace.delete("fairlead-\(id)") }

    var path: String { NamedNetworkNamespace.path("fairlead-\(id)") }

    /// What a tool says in the container.
    func tool(_ command: String...) throws -> String { try Tool.run(command, in: namespace) }

    /// Whether a datagram from here is answered there.
    func reaches(_ address: String, timeoutMilliseconds: Int = 10_000) throws -> Bool {
        let outcome = try namespace.probe(
            try IPAddress(address), port: 7, .udp, timeoutMilliseconds: timeoutMilliseconds)
        guard case .answered = outcome else { return false }
        return true
    }
}

extension Trait where Self == ConditionTrait {
    /// The test makes network namespaces.
    static var pluginNamespaces: Self { .enabled(if: Privileges.isRoot, "network namespaces need root") }
}

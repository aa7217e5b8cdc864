import BenchReport
import KubeAPI
import Net
import Netlink
import TestSupport

/// Wires Pods with fairlead-cni, as a container runtime calls it.
struct KubeletWiring: Sendable {
    let plugin: String
    let dataFolder: String
    let networks: [IPPrefix]

    /// A Pod's network namespace with an interface in it.
    struct Wired: Sendable {
        let namespace: HeldNamespace
        let interface: ContainerInterface
        let addresses: [String]
        fileprivate let result: JSONValue
    }

    /// To be called in the node's network namespace.
    func add(_ containerID: String) throws -> Wired {
        let namespace = try HeldNamespace()
        try namespace.namespace.run {
            // A server that closes first would keep the connection's addresses for a minute, and of thousands of masqueraded
            // connections some come from a port that is still kept: that is not what is shown here.
            try Sysctl.write("net.ipv4.tcp_max_tw_buckets", "0")
        }
        let folder = plugin.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let interface = ContainerInterface(
            containerID: containerID, namespacePath: namespace.path, pluginFolders: folder)
        let result = try run("ADD", interface, previous: nil)
        let addresses = (result["ips"]?.array ?? []).compactMap { $0["address"]?.string }
            .map { String($0.prefix { $0 != "/" }) }
        return Wired(namespace: namespace, interface: interface, addresses: addresses, result: result)
    }

    /// To be called in the node's network namespace.
    func delete(_ wired: Wired) throws { _ = try run("DEL", wired.interface, previous: wired.result) }

    private func run(_ command: String, _ interface: ContainerInterface, previous: JSONValue?) throws -> JSONValue {
        var configuration: JSONValue = [
            "cniVersion": "1.0.0", "name": "pods", "type": "fairlead-cni", "mode": "bridge", "bridge": "cni0",
            "isGateway": true, "hairpinMode": true,
        ]
        configuration[["ipam", "dataDir"]] = .string(dataFolder)
        configuration[["ipam", "ranges"]] = .array(networks.map { .array([["subnet": .string("\($0)")]]) })
        configuration[["ipam", "routes"]] = .array(
            networks.map { ["dst": .string($0.family == .ipv4 ? "0.0.0.0/0" : "::/0")] })
        configuration["prevResult"] = previous
        let process = try PluginRun(
            plugin, environment: interface.environment(command),
            input: String(decoding: configuration.json, as: UTF8.self))
        guard process.succeeded else {
            throw BenchmarkError(description: "fairlead-cni \(command): \(process.output)")
        }
        return command == "DEL" ? .null : try JSONValue(json: Array(process.output.utf8))
    }
}

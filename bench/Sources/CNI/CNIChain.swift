import BenchReport
import Netlink
import TestSupport

/// Plugins that are called one after the other for a pod: what a conflist names, as a container runtime calls it.
struct CNIChain {
    enum Mode: String, CaseIterable {
        case bridge
        case ptp
    }

    let name: String
    /// Of the plugins' executables.
    private let folder: String
    /// In the order of ADD.
    private let plugins: [Plugin]

    private struct Plugin {
        let program: String
        /// Members of the configuration's object.
        let members: String
        let takesHostPorts: Bool
    }

    /// The members that both have: where the bridge, the addresses and the masquerading come from.
    private static func wiring(_ mode: Mode, type: String, allocator: String) -> String {
        let bridge = mode == .bridge ? #", "bridge": "cni0", "isGateway": true, "hairpinMode": true"# : ""
        return #""type": "\#(type)"\#(bridge), "ipMasq": true, "ipam": {\#(allocator)"dataDir": "\#(dataFolderMark)", "#
            + #""ranges": [[{"subnet": "10.98.0.0/16"}]], "routes": [{"dst": "0.0.0.0/0"}]}"#
    }

    /// Stands for what only the node knows.
    private static let dataFolderMark = "@DATA@"

    static func fairlead(_ path: String, _ mode: Mode) -> CNIChain {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let members = #""mode": "\#(mode.rawValue)", "# + wiring(mode, type: "fairlead-cni", allocator: "")
        return CNIChain(
            name: "fairlead", folder: parts.count > 1 ? parts.dropLast().joined(separator: "/") : ".",
            plugins: [Plugin(program: String(parts.last ?? ""), members: members, takesHostPorts: true)])
    }

    static func reference(_ folder: String, _ mode: Mode) -> CNIChain {
        let wiring = wiring(mode, type: mode.rawValue, allocator: #""type": "host-local", "#)
        return CNIChain(
            name: "reference", folder: folder,
            plugins: [
                Plugin(program: mode.rawValue, members: wiring, takesHostPorts: false),
                Plugin(program: "portmap", members: #""type": "portmap", "snat": true"#, takesHostPorts: true),
            ])
    }

    /// Starts the first plugin and has it tell its versions.
    ///
    /// - Returns: Nanoseconds.
    func version() throws -> Double {
        guard let plugin = plugins.first else { return 0 }
        let nobody = ContainerInterface(containerID: "x", namespacePath: "x", pluginFolders: folder)
        return try run(plugin, "VERSION", nobody, #"{"cniVersion": "1.0.0"}"#).nanoseconds
    }

    /// - Returns: The last plugin's result, and nanoseconds.
    func add(_ interface: ContainerInterface, hostPort: Int?, dataFolder: String) throws -> (
        result: String, nanoseconds: Double
    ) {
        var result: String?
        var nanoseconds = 0.0
        for plugin in plugins {
            let process = try run(
                plugin, "ADD", interface, configuration(plugin, hostPort, result, dataFolder))
            (result, nanoseconds) = (process.output, nanoseconds + process.nanoseconds)
        }
        return (result ?? "", nanoseconds)
    }

    /// - Returns: Nanoseconds.
    func delete(_ interface: ContainerInterface, hostPort: Int?, result: String, dataFolder: String) throws -> Double {
        try plugins.reversed().reduce(0) { sum, plugin in
            sum + (try run(plugin, "DEL", interface, configuration(plugin, hostPort, result, dataFolder)).nanoseconds)
        }
    }

    /// - Returns: Nanoseconds.
    func check(_ interface: ContainerInterface, hostPort: Int?, result: String, dataFolder: String) throws -> Double {
        try plugins.reduce(0) { sum, plugin in
            sum + (try run(plugin, "CHECK", interface, configuration(plugin, hostPort, result, dataFolder)).nanoseconds)
        }
    }

    private func configuration(_ plugin: Plugin, _ hostPort: Int?, _ previous: String?, _ dataFolder: String) -> String
    {
        var text = #"{"cniVersion": "1.0.0", "name": "bench", "# + plugin.members
        if let hostPort, plugin.takesHostPorts {
            text +=
                #", "capabilities": {"portMappings": true}, "runtimeConfig": {"portMappings": [{"hostPort": \#(hostPort), "#
                + #""containerPort": 80, "protocol": "tcp"}]}"#
        }
        if let previous { text += #", "prevResult": \#(previous)"# }
        return (text + "}").split(separator: Self.dataFolderMark).joined(separator: dataFolder)
    }

    private func run(
        _ plugin: Plugin, _ command: String, _ interface: ContainerInterface, _ input: String
    ) throws -> (output: String, nanoseconds: Double) {
        let process = try PluginRun(
            "\(folder)/\(plugin.program)", environment: interface.environment(command), input: input)
        guard process.succeeded else {
            throw BenchmarkError(description: "\(plugin.program): \(command): \(process.output)")
        }
        return (process.output, Double(process.nanoseconds))
    }

    /// For `CNI_PATH`.
    var pluginFolders: String { folder }
}

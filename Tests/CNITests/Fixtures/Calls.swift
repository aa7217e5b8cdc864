@testable import CNI

/// Environments and configurations of calls.
enum Calls {
    /// The environment of a call for `eth0` of a container.
    static func environment(
        _ command: String = "ADD", container: String = "c1", namespacePath: String = "/run/netns/c1",
        interface: String = "eth0", arguments: String = "", path: String = "/opt/cni/bin"
    ) -> [String: String] {
        [
            "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_NETNS": namespacePath, "CNI_IFNAME": interface,
            "CNI_ARGS": arguments, "CNI_PATH": path,
        ]
    }

    /// A call whose configuration is `members`, in network `pods` and version 1.1.0 unless they say otherwise.
    static func call(
        _ members: String, program: String = "fairlead-cni", environment: [String: String] = environment()
    ) throws(CNIError) -> PluginCall {
        let head = #"{"name": "pods", "cniVersion": "1.1.0""#
        let text = members.isEmpty ? "\(head)}" : "\(head), \(members)}"
        return try PluginCall(try PluginEnvironment(environment), input: Array(text.utf8), program: program)
    }

    /// What the configuration means.
    static func pod(
        _ members: String, program: String = "fairlead-cni", arguments: String = ""
    ) throws(CNIError) -> PodConfiguration {
        try PodConfiguration(try call(members, program: program, environment: environment(arguments: arguments)))
    }

    /// The error that a configuration gives; nil when it gives none.
    static func error(_ members: String, program: String = "fairlead-cni", arguments: String = "") -> CNIError? {
        do throws(CNIError) {
            _ = try pod(members, program: program, arguments: arguments)
            return nil
        } catch {
            return error
        }
    }
}

extension JSONNode {
    /// A text that has to be JSON.
    init(_ text: String) throws(CNIError) { try self.init(parsing: Array(text.utf8)) }
}

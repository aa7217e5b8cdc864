import Netlink
import Synchronization
import TestSupport

/// Calls of the plugin for many pods at once, some of which are ended by SIGKILL, and some of whose pods nobody ever deletes.
final class Storm: Sendable {
    /// Whose pod it is after all calls.
    struct Survivor {
        let pod: HeldNamespace
        let interface: ContainerInterface
        let result: String
    }

    private struct State {
        /// The pod that has an address, by what the plugin said.
        var owners: [String: String] = [:]
        var problems: [String] = []
        var survivors: [Survivor] = []
        /// Their namespaces live on, and their runtime has forgotten them.
        var abandoned: [HeldNamespace] = []
        var calls = 0
        var kills = 0
        /// How long a call takes on this machine, by the last one that was left to end.
        var callMicroseconds: UInt32 = 10_000
    }

    let node: NetworkNamespace
    private let dataFolder: String
    private let state = Mutex(State())

    init(in node: NetworkNamespace, dataFolder: String) {
        (self.node, self.dataFolder) = (node, dataFolder)
    }

    var problems: [String] { state.withLock(\.problems) }
    var survivors: [Survivor] { state.withLock(\.survivors) }
    var calls: Int { state.withLock(\.calls) }
    var kills: Int { state.withLock(\.kills) }
    func forgetSurvivors() { state.withLock { $0.survivors = [] } }

    static let addresses = ["10.99.", "fd99:"]

    /// - Parameters:
    ///   - hostPort: One of TCP and one of UDP; nil for none.
    ///   - more: Further members of the object.
    func configuration(hostPort: Int? = nil, more: String = "") -> String {
        let ports = hostPort.map { port in
            ["tcp", "udp"].map { #"{"hostPort": \#(port), "containerPort": 80, "protocol": "\#($0)"}"# }
                .joined(separator: ",")
        }
        let runtime = ports.map {
            #", "runtimeConfig": {"portMappings": [\#($0)], "bandwidth": {"ingressRate": 8000000, "ingressBurst": 800000, "#
                + #""egressRate": 8000000, "egressBurst": 800000}}"#
        }
        return """
            {"cniVersion": "1.1.0", "name": "storm", "type": "fairlead-cni", "mode": "ptp", "ipMasq": true, "ipam": {
            "dataDir": "\(dataFolder)", "ranges": [[{"subnet": "10.99.0.0/16"}], [{"subnet": "fd99::/64"}]],
            "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]}\(runtime ?? "")\(more.isEmpty ? "" : ", \(more)")}
            """
    }

    /// Calls until there were so many, from so many threads.
    func rage(calls: Int, workers: Int, seed: UInt64) throws {
        let threads = try (0..<workers).map { worker in
            try JoinableThread { [self] in
                do {
                    try node.run {
                        var generator = SeededGenerator(seed: seed + UInt64(worker))
                        for number in 0... {
                            if state.withLock({ $0.calls }) >= calls { break }
                            try live(
                                "storm-\(worker)-\(number)", hostPort: 20_000 + worker * 1_000 + number, &generator)
                        }
                    }
                } catch {
                    complain("worker \(worker): \(error)")
                }
            }
        }
        for thread in threads { thread.join() }
    }

    /// The life of one pod.
    private func live(_ name: String, hostPort: Int, _ generator: inout SeededGenerator) throws {
        let pod = try HeldNamespace()
        let interface = ContainerInterface(
            containerID: name, namespacePath: pod.path, pluginFolders: RuntimeNode.folder)
        let configuration = configuration(hostPort: Bool.random(using: &generator) ? hostPort : nil)
        func isKilled(one chance: Int) -> UInt32? {
            guard Int.random(in: 0..<chance, using: &generator) == 0 else { return nil }
            return UInt32.random(in: 0...state.withLock(\.callMicroseconds), using: &generator)
        }
        let added = try call("ADD", interface, configuration, killAfterMicroseconds: isKilled(one: 2))
        if added.succeeded {
            claim(name, added.output)
            if configuration.contains("hostPort") {
                // A flow over the host port, from the node itself; nobody answers.
                _ = try Tool.run(
                    "bash", "-c", "echo >/dev/udp/192.168.9.1/\(hostPort)", in: node)
            }
        }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0 where added.succeeded:
            state.withLock { $0.survivors.append(Survivor(pod: pod, interface: interface, result: added.output)) }
            return
        // These keep what they have, until GC.
        case 0, 1: state.withLock { $0.abandoned.append(pod) }
        case 2, 3: break
        default:
            disclaim(name)
            for _ in 0..<20 {
                if try call("DEL", interface, configuration, killAfterMicroseconds: isKilled(one: 3)).succeeded {
                    return
                }
            }
            complain("\(name) cannot be deleted")
        }
    }

    private func call(
        _ command: String, _ interface: ContainerInterface, _ configuration: String, killAfterMicroseconds: UInt32?
    ) throws -> PluginRun {
        let process = try PluginRun(
            RuntimeNode.plugin, environment: interface.environment(command), input: configuration,
            killAfterMicroseconds: killAfterMicroseconds)
        state.withLock {
            $0.calls += 1
            if process.status == nil {
                $0.kills += 1
            } else {
                $0.callMicroseconds = UInt32(clamping: process.nanoseconds / 1000)
            }
        }
        if let status = process.status, status != 0 {
            complain("\(command) for \(interface.containerID) ended with \(status): \(process.output)")
        }
        return process
    }

    private func complain(_ problem: String) { state.withLock { $0.problems.append(problem) } }

    /// The addresses in a result, as `"address": "10.99.0.2/16"`.
    static func addresses(in result: String) -> [String] {
        result.matches(of: #/"address"\s*:\s*"([^"\/]+)/#).map { String($0.1) }
    }

    private func claim(_ name: String, _ result: String) {
        let addresses = Self.addresses(in: result)
        state.withLock { state in
            if addresses.count != 2 { state.problems.append("\(name) has \(addresses)") }
            for address in addresses {
                if let owner = state.owners.updateValue(name, forKey: address) {
                    state.problems.append("\(address) is taken twice: by \(owner) and by \(name)")
                }
            }
        }
    }

    private func disclaim(_ name: String) {
        state.withLock { state in state.owners = state.owners.filter { $0.value != name } }
    }
}

import FoundationEssentials
import Netlink
import TestSupport
import Testing

/// A node for a container runtime: network, mount and process namespaces and a cgroup of its own. /etc, /opt, /var/lib, /run and
/// /tmp can be written to, and what is written goes with the node; so does every process.
///
/// It has a client beside it on a link: 192.168.9.1 and fd09::1 are the node's, 192.168.9.2 and fd09::2 the client's addresses.
final class RuntimeNode: Sendable {
    let namespace: NetworkNamespace
    let client: NetworkNamespace
    static let addresses = ["192.168.9.1", "fd09::1"]

    private let process: ChildProcess
    /// The first process of the process namespace, as it is numbered outside.
    private let firstProcessID: String
    private let folder: String
    private let cgroup: String
    /// The file system that is shared with this test: the executables that were built with it.
    static let plugin = BuiltProduct.path("fairlead-cni")
    static let program = BuiltProduct.path("fairlead")
    /// Where they are.
    static var folder: String { "/" + plugin.split(separator: "/").dropLast().joined(separator: "/") }
    /// A folder whose programs come before those of the system; empty when there is none.
    private static let otherContainerd = ProcessInfo.processInfo.environment["FAIRLEAD_CONTAINERD"] ?? ""

    init() throws {
        namespace = try NetworkNamespace.create()
        client = try NetworkNamespace.create()
        folder = try Tool.run("mktemp", "-d", in: namespace).trimmingEnd
        cgroup = "fairlead-test-\(folder.split(separator: ".").last ?? "")"
        process = try ChildProcess(
            [
                "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", Self.script("node.sh"), folder,
                cgroup,
            ],
            in: namespace)
        let line = process.receiveLine(timeoutMilliseconds: 30_000)
        guard line == "ready" else { throw NotReady(line: line) }
        let id = process.processID
        firstProcessID = try Tool.run("cat", "/proc/\(id)/task/\(id)/children", in: namespace).trimmingEnd
        try connectClient()
    }

    struct NotReady: Error { let line: String? }

    /// A script beside this file's folder.
    static func script(_ name: String) -> String {
        "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Node/\(name)"
    }

    private func connectClient() throws {
        try namespace.run {
            var socket = try RouteSocket()
            let peer = LinkAttributes(name: "uplink", namespace: client)
            try socket.perform(.addLink(LinkSpecification(LinkAttributes(name: "uplink"), kind: .veth(peer: peer))))
        }
        func configure(_ host: Int) -> String {
            """
            ip address add 192.168.9.\(host)/24 dev uplink
            ip address add fd09::\(host)/64 dev uplink nodad
            ip link set uplink up
            """
        }
        try run(configure(1))
        try Tool.run(
            "bash", "-ec",
            """
            ip link set lo up
            \(configure(2))
            ip route add default via 192.168.9.1
            ip -6 route add default via fd09::1
            """, in: client)
    }

    /// Runs a shell script in the node and returns what it wrote to both outputs.
    ///
    /// - Throws: `Tool.Failure` when it ends with another status than 0, or not within a minute.
    @discardableResult
    func run(_ script: String, input: String = "") throws -> String {
        let enter = """
            echo $$ >/sys/fs/cgroup/cgroup.procs
            export PATH="${1:+$1:}$PATH"
            exec timeout --kill-after 5 60 bash -euo pipefail -c "$0"
            """
        return try Tool.run(
            [
                "nsenter", "--target", firstProcessID, "--mount", "--pid", "--cgroup", "bash", "-c", enter, script,
                Self.otherContainerd,
            ], in: namespace, input: input)
    }

    /// Writes a file as a runtime wants it: under another name first.
    func write(_ path: String, _ text: String) throws {
        try run("mkdir -p $(dirname \(path)); cat >\(path).new; mv \(path).new \(path)", input: text)
    }

    /// Starts a program that goes on; its output is in /tmp/NAME.log.
    func start(_ name: String, _ command: String) throws {
        try run("\(command) </dev/null >>/tmp/\(name).log 2>&1 & echo $! >/run/\(name).pid")
    }

    /// Ends what `start` has started, and waits for it.
    func stop(_ name: String, signal: String = "TERM") throws {
        try run(
            """
            process=$(cat /run/\(name).pid)
            kill -\(signal) $process
            while kill -0 $process 2>/dev/null; do sleep 0.02; done
            """)
    }

    /// The end of what a program that was started has written.
    func log(_ name: String) -> String { (try? run("tail -n 30 /tmp/\(name).log")) ?? "" }

    deinit {
        process.kill()
        // The kernel empties the process namespace in its own time; then nobody is in the cgroups.
        let script = """
            mount -t cgroup2 cgroup2 "$0"
            for _ in $(seq 200); do
                find "$0/$1" -depth -type d -exec rmdir {} + 2>/dev/null
                [ -e "$0/$1" ] || break
                sleep 0.05
            done
            umount "$0"; rmdir "$0"
            """
        _ = try? Tool.run("unshare", "--mount", "bash", "-c", script, folder, cgroup, in: namespace)
    }
}

extension String {
    var trimmingEnd: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}

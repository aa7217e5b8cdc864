import FoundationEssentials
import Netlink
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// The test makes network namespaces: without root it is skipped, but in CI it fails.
    static var networkNamespaces: Self {
        .enabled(
            if: Privileges.isRoot || ProcessInfo.processInfo.environment["CI"] != nil,
            "network namespaces need root")
    }
}

/// The executable that was built with the tests, in a network namespace.
enum Command {
    static let path = BuiltProduct.path("fairlead")

    struct Result {
        let status: Int32
        let output: String
    }

    /// Runs it; `words` are those of a shell.
    static func run(_ words: String, as user: Int? = nil, in namespace: NetworkNamespace) throws -> Result {
        let prefix = user.map { "setpriv --reuid \($0) --clear-groups " } ?? ""
        let script = "{ \(prefix)'\(path)' \(words); } 2>&1; echo \"=$?\""
        let output = try Tool.run("bash", "-c", script, in: namespace)
        let end = try #require(output.lastIndex(of: "="))
        let status = try #require(Int32(output[output.index(after: end)...].dropLast()))
        return Result(status: status, output: String(output[..<end]))
    }
}

/// A daemon process in a network namespace of its own, with a directory of manifests.
final class DaemonUnderTest {
    let namespace: NetworkNamespace
    let directory: String
    private let processID: String

    /// `options` are those beside the ones that every test needs.
    init(_ manifests: String, options: String = "") throws {
        namespace = try NetworkNamespace.create()
        directory = try Tool.run("mktemp", "-d", in: namespace).trimmingEnd
        try Tool.run("cp", "/dev/stdin", "\(directory)/objects.yaml", in: namespace, input: manifests)
        for command in [["link", "set", "lo", "up"], ["address", "add", "192.168.9.1/24", "dev", "lo"]] {
            try Tool.run("bash", "-c", "ip \(command.joined(separator: " "))", in: namespace)
        }
        // The shell ends when the daemon says that all is programmed.
        let script = """
            '\(Command.path)' up --node-name node-1 --manifest \(directory)/objects.yaml \
                --data-dir \(directory)/data --pod-cidr 10.244.0.0/16 --service-cidr 10.96.0.0/16 \(options) </dev/null >/dev/null 2>\(directory)/log &
            process=$!
            for _ in $(seq 300); do grep -q ' ready' \(directory)/log && break; sleep 0.1; done
            grep -q ' ready' \(directory)/log || { cat \(directory)/log; kill $process; exit 1; }
            echo $process
            """
        processID = try Tool.run("bash", "-c", script, in: namespace).trimmingEnd
    }

    /// Ends it for certain: what a test starts must not outlive the test.
    deinit {
        let script = """
            kill \(processID)
            for _ in $(seq 100); do kill -0 \(processID) 2>/dev/null || break; sleep 0.05; done
            kill -KILL \(processID) 2>/dev/null
            rm -r \(directory)
            """
        _ = try? Tool.run("bash", "-c", script, in: namespace)
    }
}

extension String {
    var trimmingEnd: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}

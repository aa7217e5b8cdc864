import DurableStorage
import FoundationEssentials
import Netlink
import Storage
import TestSupport
import Testing

private enum Python {
    /// An interpreter that has the client; Debian's package is for Debian's own.
    static let path = ["/usr/bin/python3", "/usr/local/bin/python3"].first { path in
        guard FileManager.default.isExecutableFile(atPath: path), let here = try? NetworkNamespace.current() else {
            return false
        }
        return (try? Tool.run(path, "-c", "import kubernetes", in: here)) != nil
    }
}

/// The official Python client as it is, with its watches, against `fairlead control-plane` as it is.
@Suite(
    .enabled(if: Python.path != nil, "python3-kubernetes is not installed"),
    .enabled(
        if: Privileges.isRoot || ProcessInfo.processInfo.environment["CI"] != nil, "network namespaces need root")
) struct PythonClientTests {
    @Test func everyCallOfTheSessionDoesWhatItSays() async throws {
        let python = try #require(Python.path)
        let work = FileManager.default.temporaryDirectory.appending(path: "python-client-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: work) }
        // A store with a past that nobody has any more.
        let store = try EmbeddedStore.open(path: "\(work)/store.db")
        for _ in 0..<10 { _ = try await store.commit(Transaction([.put("/other", [])])) }
        try await store.compact(to: store.revision)
        try await store.close()
        let namespace = try NetworkNamespace.create()
        try Tool.run("ip", "link", "set", "lo", "up", in: namespace)
        let script = """
            trap 'kill $process; wait $process' EXIT
            '\(BuiltProduct.path("fairlead"))' control-plane --data-dir '\(work)' --node-name '' >'\(work)/log' 2>&1 &
            process=$!
            for _ in $(seq 300); do grep -q ' ready' '\(work)/log' && break; sleep 0.1; done
            '\(python)' -B '\(URL(filePath: #filePath).deletingLastPathComponent().path)/client.py' '\(work)/admin.conf' \\
                || { cat '\(work)/log'; exit 1; }
            """
        let output = try Tool.run("bash", "-c", script, in: namespace)
        #expect(output.contains(" checks, 0 failed"), "\(output)")
    }
}

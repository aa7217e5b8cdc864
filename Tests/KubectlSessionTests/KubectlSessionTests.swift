import FoundationEssentials
import Netlink
import TestSupport
import Testing

/// An operator's session with kubectl as it is, against `fairlead control-plane` as it is.
@Suite(
    .enabled(if: Kubectl.path != nil, "kubectl is not installed"),
    .enabled(
        if: Privileges.isRoot || ProcessInfo.processInfo.environment["CI"] != nil, "network namespaces need root")
) struct KubectlSessionTests {
    @Test func everyCommandOfAnOperatorDoesWhatItSays() throws {
        let kubectl = try #require(Kubectl.path)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().path
        let namespace = try NetworkNamespace.create()
        try Tool.run("ip", "link", "set", "lo", "up", in: namespace)
        let script = """
            work=$(mktemp -d)
            trap 'kill $process; wait $process; rm -rf "$work"' EXIT
            '\(BuiltProduct.path("fairlead"))' control-plane --data-dir "$work/data" --node-name '' >"$work/log" 2>&1 &
            process=$!
            for _ in $(seq 300); do grep -q ' ready' "$work/log" && break; sleep 0.1; done
            '\(folder)/session.sh' '\(kubectl)' "$work/data/admin.conf" || { cat "$work/log"; exit 1; }
            """
        let output = try Tool.run("bash", "-c", script, in: namespace)
        #expect(output.contains(" checks, 0 failed"))
    }
}

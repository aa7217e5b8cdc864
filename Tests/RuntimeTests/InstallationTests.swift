import FoundationEssentials
import Netlink
import TestSupport
import Testing

@Suite("fairlead cni install and uninstall", .node())
struct InstallationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ words: String) throws -> [String] {
        try folder.run("'\(RuntimeNode.program)' cni \(words) --bin-dir bin --conf-dir conf")
            .split(separator: "\n").map(String.init)
    }

    @Test("write what cni-conf has", arguments: SampleConfiguration.all)
    func samples(sample: SampleConfiguration) throws {
        let lines = try run("install \(sample.options)")
        #expect(lines == ["wrote bin/fairlead-cni", "wrote bin/loopback", "wrote conf/10-fairlead.conflist"])
        #expect(try folder.run("cat conf/10-fairlead.conflist") == sample.text)
        #expect(
            try folder.run("cmp bin/fairlead-cni '\(RuntimeNode.plugin)'; readlink bin/loopback") == "fairlead-cni\n")
        #expect(
            try folder.run("stat -c '%a %n' bin/fairlead-cni conf/*; ls -A bin conf | grep -c '^\\.' || true")
                == "755 bin/fairlead-cni\n644 conf/10-fairlead.conflist\n0\n")
    }

    @Test("touch nothing that is as it should be, and replace the rest under processes that use it")
    func upgrade() throws {
        _ = try run("install --pod-cidr 10.244.1.0/24")
        let before = try folder.run("stat -c '%i %Y' bin/fairlead-cni conf/10-fairlead.conflist")
        #expect(
            try run("install --pod-cidr 10.244.1.0/24") == ["kept bin/fairlead-cni", "kept conf/10-fairlead.conflist"])
        #expect(try folder.run("stat -c '%i %Y' bin/fairlead-cni conf/10-fairlead.conflist") == before)

        // An older plugin that runs: its file cannot be written to, and must not be.
        try folder.run("rm bin/fairlead-cni; cp $(command -v sleep) bin/fairlead-cni; chmod 700 bin/fairlead-cni")
        let process = try ChildProcess(["\(folder.path)/bin/fairlead-cni", "1000"], in: folder.namespace)
        #expect(
            try run("install --pod-cidr 10.244.2.0/24 --mtu 1450")
                == ["wrote bin/fairlead-cni", "wrote conf/10-fairlead.conflist"])
        #expect(
            try folder.run(
                "cmp bin/fairlead-cni '\(RuntimeNode.plugin)'; stat -c %a bin/fairlead-cni; cat /proc/\(process.processID)/comm"
            )
                == "755\nfairlead-cni\n")
        let text = try folder.run("cat conf/10-fairlead.conflist")
        #expect(text.contains(#""subnet": "10.244.2.0/24""#) && text.contains(#""mtu": 1450"#))
    }

    @Test("leave what others have put there")
    func others() throws {
        try folder.run(
            """
            mkdir bin conf
            for name in loopback bridge; do echo $name >bin/$name; done
            echo '{}' >conf/05-other.conflist
            """)
        let lines = try run("install --pod-cidr 10.244.1.0/24")
        #expect(
            lines == [
                "wrote bin/fairlead-cni", "wrote conf/10-fairlead.conflist",
                "note: runtimes that take the first conflist take conf/05-other.conflist before this one",
            ])
        #expect(try run("uninstall") == ["removed conf/10-fairlead.conflist", "removed bin/fairlead-cni"])
        #expect(try folder.run("cat bin/*; ls conf") == "bridge\nloopback\n05-other.conflist\n")
        #expect(try run("uninstall") == ["nothing to remove"])
    }

    @Test("remove the link, and nothing of another name or content")
    func uninstall() throws {
        _ = try run("install --pod-cidr 10.244.1.0/24")
        #expect(
            try run("uninstall") == [
                "removed conf/10-fairlead.conflist", "removed bin/loopback", "removed bin/fairlead-cni",
            ])
        #expect(try folder.run("find bin conf ! -type d") == "")
        try folder.run("echo '{}' >conf/10-fairlead.conflist; ln -s bridge bin/loopback")
        #expect(try run("uninstall") == ["left conf/10-fairlead.conflist, which does not name fairlead-cni"])
        #expect(try folder.run("readlink bin/loopback") == "bridge\n")
    }

    @Test("take the pods' networks from the Node object")
    func nodeObject() async throws {
        try folder.run(
            """
            ip link set lo up
            mkdir manifests
            for node in 1 2; do cat >>manifests/nodes.yaml <<END
            ---
            apiVersion: v1
            kind: Node
            metadata: { name: node-$node }
            spec: { podCIDRs: [10.244.$node.0/24, 'fd00:10:244:$node::/64'] }
            END
            done
            printf -- '---\\napiVersion: v1\\nkind: Node\\nmetadata: { name: node-3 }\\n' >>manifests/nodes.yaml
            cat >config <<END
            apiVersion: v1
            kind: Config
            clusters: [{ name: c, cluster: { server: 'http://127.0.0.1:8001' } }]
            contexts: [{ name: c, context: { cluster: c } }]
            current-context: c
            END
            """)
        let core = try ChildProcess(
            [
                RuntimeNode.program, "up", "--node-name", "node-1", "--watch-manifests", "\(folder.path)/manifests",
                "--service-cidr", "10.96.0.0/16", "--serve-api", "127.0.0.1:8001", "--pod-cidr-file", "off",
            ], in: folder.namespace)
        defer { core.kill() }
        try await eventually { (try? folder.run("curl -sf http://127.0.0.1:8001/api/v1/nodes/node-3")) != nil }
        _ = try run("install --kubeconfig config --node-name node-2 --mode ptp")
        let text = try folder.run("cat conf/10-fairlead.conflist")
        #expect(
            text.contains(#"[{ "subnet": "10.244.2.0/24" }]"#)
                && text.contains(#"[{ "subnet": "fd00:10:244:2::/64" }]"#))
        for (node, cause) in [("node-3", "has no spec.podCIDRs"), ("node-4", "status 404")] {
            let failure = #expect(throws: Tool.Failure.self) {
                try run("install --kubeconfig config --node-name \(node)")
            }
            #expect(failure?.output.contains(cause) == true, "\(failure?.output ?? "")")
        }
        #expect(try folder.run("cat conf/10-fairlead.conflist") == text)
    }

    @Test("leave the pods' networks to a file where nobody says them")
    func agentsFile() throws {
        #expect(
            try run("install") == ["wrote bin/fairlead-cni", "wrote bin/loopback", "wrote conf/10-fairlead.conflist"])
        let text = try folder.run("cat conf/10-fairlead.conflist")
        #expect(text.contains(#""ipam": { "routes": [{ "dst": "0.0.0.0/0" }, { "dst": "::/0" }] }"#))
    }

    @Test(
        "refuse what makes no network",
        arguments: [
            ("--node-name x", "--kubeconfig"), ("--pod-cidr 10.244.1.0/24 --kubeconfig x", "exclude"),
            ("--kubeconfig absent", "absent"), ("--pod-cidr 10.244.1.0/31", "no addresses"),
            ("--pod-cidr 10.244.1.5/24", "CIDR"),
            ("--pod-cidr 10.244.0.0/16 --pod-cidr 10.244.1.0/24", "overlaps"),
            ("--pod-cidr 10.244.1.0/24 --mtu 100", "--mtu is 576"),
            ("--pod-cidr fd00::/64 --mtu 1000", "--mtu is 1280"),
            ("--pod-cidr 10.244.1.0/24 --mode vxlan", "vxlan"), ("--pod-cidr 10.244.1.0/24 --name '../x'", "--name"),
            ("--pod-cidr 10.244.1.0/24 --bridge abcdefghijklmnop", "--bridge"),
            ("--pod-cidr 10.244.1.0/24 --plugin nothing", "nothing: cannot be read"),
            ("--pod-cidr 10.244.1.0/24 --conf-name x.json", "--conf-name"),
        ])
    func refusals(words: String, cause: String) throws {
        let failure = #expect(throws: Tool.Failure.self) { try run("install \(words)") }
        #expect(failure?.output.contains(cause) == true, "\(failure?.output ?? "")")
        #expect(try folder.run("find . ! -type d") == "")
    }
}

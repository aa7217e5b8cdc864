import FoundationEssentials
import TestSupport
import Testing

/// A node that had the reference plugins is moved over with its pods.
@Suite("fairlead cni import", .node(with: "ip"))
struct ImportTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.run(
            #"""
            mkdir networks
            printf 'one\r\neth0' >networks/10.244.1.5
            printf 'two\r\neth0' >networks/10.244.1.6
            printf 'one\r\neth0' >networks/fd00:10:244:1::5
            printf 10.244.1.6 >networks/last_reserved_ip.0
            : >networks/lock
            : >networks/10.244.1.9
            """#)
    }

    private static let networks = "--pod-cidr 10.244.1.0/24 --pod-cidr fd00:10:244:1::/64"

    private func run(_ words: String) throws -> [String] {
        try folder.run("'\(RuntimeNode.program)' cni \(words) --data-dir '\(folder.path)/leases'").split(
            separator: "\n"
        ).map(String.init)
    }

    private var `import`: [String] { get throws { try run("import --from networks \(Self.networks)") } }

    @Test("takes over what host-local has given, once, and tells what it leaves")
    func addresses() throws {
        #expect(
            try `import` == [
                "took over 10.244.1.5 of eth0 of container one in network fairlead",
                "took over 10.244.1.6 of eth0 of container two in network fairlead",
                "took over fd00:10:244:1::5 of eth0 of container one in network fairlead",
                "left 10.244.1.9: it has no container id, or one that is too long",
            ])
        #expect(
            try `import` == [
                "left 10.244.1.9: it has no container id, or one that is too long", "3 were taken over before",
            ])
        #expect(try folder.run("cat networks/10.244.1.5") == "one\r\neth0")
        let list = try run("list")
        #expect(list.count == 3 && list.contains { $0.contains("one") && $0.contains("10.244.1.5,fd00:10:244:1::5") })
        // Their containers have gone: nobody has their addresses.
        #expect(
            try Set(run("gc --grace 0")) == [
                "removed: eth0 of container one in network fairlead with 10.244.1.5, fd00:10:244:1::5",
                "removed: eth0 of container two in network fairlead with 10.244.1.6",
            ])
        // What was released since stays so.
        #expect(try `import`.last == "3 were taken over before")
        #expect(try run("list").count == 1)
    }

    @Test("goes on where host-local would have, past addresses that pods have")
    func next() throws {
        _ = try `import`
        try folder.run("ip netns add import-$$ && echo import-$$ >name")
        defer { _ = try? folder.run("ip netns del $(cat name)") }
        let result = try folder.run(
            """
            export CNI_COMMAND=ADD CNI_CONTAINERID=three CNI_NETNS=/run/netns/$(cat name) CNI_IFNAME=eth0 CNI_PATH=/nonexistent
            '\(RuntimeNode.plugin)' <<END
            {"cniVersion": "1.0.0", "name": "fairlead", "type": "fairlead-cni", "mode": "ptp", "ipam": {
             "dataDir": "\(folder.path)/leases", "ranges": [[{"subnet": "10.244.1.0/24"}]]}}
            END
            """)
        #expect(result.contains("10.244.1.7/24"), "\(result)")
    }

    @Test("has nothing to do where there was no host-local")
    func nothing() throws {
        #expect(try run("import --from absent \(Self.networks)") == ["nothing to take over"])
        let failure = #expect(throws: Tool.Failure.self) { try run("import --from networks") }
        #expect(failure?.output.contains("--pod-cidr") == true)
    }
}

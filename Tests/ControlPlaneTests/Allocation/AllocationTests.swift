import KubeAPI
import Net
import Testing

@testable import ControlPlane

@Suite struct AllocationTests {
    /// "10.96.1.2,fd00::1 IPv4,IPv6 PreferDualStack" of the Service as stored.
    private func summary(_ service: Service?) -> String {
        guard let spec = service?.spec else { return "none" }
        let families = spec.clusterIPs.map { IPAddress(parsing: $0)?.family.description ?? $0 }
        return
            "\(families.joined(separator: ",")) \(spec.ipFamilies.joined(separator: ",")) \(spec.ipFamilyPolicy ?? "-")"
    }

    private func message(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func sameAddressesAfterARestart() async throws {
        var addresses: [[String]] = []
        for order in [Array(0..<300), Array(0..<300)] {
            let cluster = try await Cluster()
            for index in order { _ = try await cluster.applier.apply(Service("s\(index)", type: "NodePort")) }
            addresses.append(
                (0..<300).map { index in
                    let spec = cluster.service("s\(index)")?.spec
                    return "\(spec?.clusterIP ?? "") \(spec?.ports[0].nodePort ?? 0)"
                })
        }
        #expect(addresses[0] == addresses[1])
        #expect(Set(addresses[0]).count == 300)
    }

    @Test func stableHashIsFNV1a() {
        #expect(StableHash.of("") == 0xcbf2_9ce4_8422_2325)
        #expect(StableHash.of("foobar") == 0x8594_4171_f739_67e8)
    }

    @Test func exhaustionAndRelease() async throws {
        // Of the 8 addresses neither network, broadcast nor the first: 5 are left.
        let cluster = try await Cluster(serviceCIDRs: ["10.96.0.0/29"])
        for index in 0..<5 { _ = try await cluster.applier.apply(Service("s\(index)")) }
        let addresses = Set((0..<5).compactMap { cluster.service("s\($0)")?.spec.clusterIP })
        #expect(addresses == ["10.96.0.2", "10.96.0.3", "10.96.0.4", "10.96.0.5", "10.96.0.6"])
        let text = await message { _ = try await cluster.applier.apply(Service("s5")) }
        #expect(text == "Service default/s5: spec.clusterIPs[0]: nothing is free in the range 10.96.0.0/29")
        let freed = cluster.service("s3")?.spec.clusterIP
        try await cluster.applier.delete(ObjectKey(of: Service("s3")))
        _ = try await cluster.applier.apply(Service("s5"))
        #expect(cluster.service("s5")?.spec.clusterIP == freed)
        #expect(cluster.allocator.claimCount == 5)
    }

    @Test func nodePortsRunOut() async throws {
        let cluster = try await Cluster(nodePorts: "30000-30001")
        for name in ["a", "b"] { _ = try await cluster.applier.apply(Service(name, type: "NodePort")) }
        let text = await message { _ = try await cluster.applier.apply(Service("c", type: "NodePort")) }
        #expect(text == "Service default/c: spec.ports[0].nodePort: nothing is free in the range 30000-30001")
        #expect(cluster.service("c") == nil)
        // What failed holds nothing.
        #expect(cluster.allocator.claimCount == 4)
    }

    @Test(arguments: [
        ("10.96.0.10", "Service default/b: spec.clusterIP: 10.96.0.10 is already used by Service default/a"),
        ("10.97.0.10", "Service default/b: spec.clusterIP: 10.97.0.10 is not in the range 10.96.0.0/16, fd00:96::/108"),
        ("10.96.0.1", "Service default/b: spec.clusterIP: 10.96.0.1 is reserved for Service default/kubernetes"),
        ("10.96.0.0", "Service default/b: spec.clusterIP: 10.96.0.0 is not in the range 10.96.0.0/16, fd00:96::/108"),
        ("10.96.0.11", "no error"),
    ])
    func explicitAddress(_ address: String, _ expected: String) async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a") { $0.clusterIP = "10.96.0.10" })
        let text = await message { _ = try await cluster.applier.apply(Service("b") { $0.clusterIP = address }) }
        #expect(text == expected)
    }

    @Test func firstAddressIsForKubernetes() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("kubernetes") { $0.clusterIP = "10.96.0.1" })
        #expect(cluster.service("kubernetes")?.spec.clusterIPs == ["10.96.0.1"])
    }

    @Test(arguments: [
        (30080, "TCP", "Service default/b: spec.ports[0].nodePort: 30080/TCP is already used by Service default/a"),
        (30080, "UDP", "no error"),
        (29999, "TCP", "Service default/b: spec.ports[0].nodePort: 29999 is not in the range 30000-32767"),
        (32767, "TCP", "no error"),
    ])
    func explicitNodePort(_ port: Int, _ transport: String, _ expected: String) async throws {
        let cluster = try await Cluster()
        let first = ServicePortSpec(port: 80, nodePort: 30080)
        _ = try await cluster.applier.apply(Service("a", type: "NodePort", ports: [first]))
        let second = ServicePortSpec(protocol: transport, port: 80, nodePort: port)
        let text = await message {
            _ = try await cluster.applier.apply(Service("b", type: "NodePort", ports: [second]))
        }
        #expect(text == expected)
    }

    @Test func onePortWithTwoProtocolsSharesItsNodePort() async throws {
        let cluster = try await Cluster()
        let ports = ["TCP", "UDP"].map { ServicePortSpec(name: "dns-\($0.lowercased())", protocol: $0, port: 53) }
        _ = try await cluster.applier.apply(Service("dns", type: "NodePort", ports: ports))
        let nodePorts = Set(cluster.service("dns")?.spec.ports.map(\.nodePort) ?? [])
        #expect(nodePorts.count == 1 && nodePorts.allSatisfy { $0 >= 30000 })
    }

    /// Policy and families asked for, in a cluster of both families whose first is IPv4, and in one of IPv4 alone.
    @Test(
        arguments: [
            (nil, [], "IPv4 IPv4 SingleStack", "IPv4 IPv4 SingleStack"),
            ("SingleStack", ["IPv6"], "IPv6 IPv6 SingleStack", "not configured on this cluster"),
            ("PreferDualStack", [], "IPv4,IPv6 IPv4,IPv6 PreferDualStack", "IPv4 IPv4 PreferDualStack"),
            ("PreferDualStack", ["IPv6"], "IPv6,IPv4 IPv6,IPv4 PreferDualStack", "not configured on this cluster"),
            (
                "RequireDualStack", [], "IPv4,IPv6 IPv4,IPv6 RequireDualStack",
                "this cluster is not configured for dual-stack"
            ),
            (
                "SingleStack", ["IPv4", "IPv6"], "must be 'RequireDualStack' or 'PreferDualStack'",
                "must be 'RequireDual"
            ),
        ] as [(String?, [String], String, String)])
    func families(_ policy: String?, _ families: [String], _ dual: String, _ single: String) async throws {
        for (cidrs, expected) in [(["10.96.0.0/16", "fd00:96::/108"], dual), (["10.96.0.0/16"], single)] {
            let cluster = try await Cluster(serviceCIDRs: cidrs)
            let text = await message {
                _ = try await cluster.applier.apply(
                    Service("a") {
                        $0.ipFamilyPolicy = policy
                        $0.ipFamilies = families
                    })
            }
            let result = text == "no error" ? summary(cluster.service("a")) : text
            #expect(result.contains(expected), "\(result)")
        }
    }

    @Test func familyOfAnExplicitAddress() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a") { $0.clusterIP = "fd00:96::5" })
        #expect(summary(cluster.service("a")) == "IPv6 IPv6 SingleStack")
    }

    @Test func secondFamilyComesAndGoes() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a"))
        let first = try #require(cluster.service("a")?.spec.clusterIP)
        _ = try await cluster.applier.apply(Service("a") { $0.ipFamilyPolicy = "PreferDualStack" })
        #expect(cluster.service("a")?.spec.clusterIPs.first == first)
        #expect(summary(cluster.service("a")) == "IPv4,IPv6 IPv4,IPv6 PreferDualStack")
        #expect(cluster.allocator.claimCount == 2)
        _ = try await cluster.applier.apply(Service("a") { $0.ipFamilyPolicy = "SingleStack" })
        #expect(cluster.service("a")?.spec.clusterIPs == [first])
        #expect(cluster.allocator.claimCount == 1)
    }

    @Test func headlessAndExternalNameGetNone() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("h") { $0.clusterIP = "None" })
        #expect(summary(cluster.service("h")) == "None IPv4 SingleStack")
        _ = try await cluster.applier.apply(
            Service("h2") {
                $0.clusterIP = "None"
                $0.selector = [:]
            })
        #expect(summary(cluster.service("h2")) == "None IPv4,IPv6 RequireDualStack")
        _ = try await cluster.applier.apply(Service("e", type: "ExternalName") { $0.externalName = "example.com" })
        #expect(summary(cluster.service("e")) == "  -")
        #expect(cluster.allocator.claimCount == 0)
    }

    @Test func updatesKeepAndTypesRelease() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a", type: "NodePort"))
        let made = try #require(cluster.service("a"))
        _ = try await cluster.applier.apply(Service("a", type: "NodePort", ports: [ServicePortSpec(port: 81)]))
        let changed = try #require(cluster.service("a"))
        #expect(changed.spec.clusterIPs == made.spec.clusterIPs)
        #expect(changed.spec.ports[0].nodePort == made.spec.ports[0].nodePort && changed.spec.ports[0].port == 81)
        _ = try await cluster.applier.apply(Service("a"))
        #expect(cluster.service("a")?.spec.ports[0].nodePort == 0)
        #expect(cluster.allocator.claimCount == 1)
        _ = try await cluster.applier.apply(Service("a", type: "ExternalName") { $0.externalName = "example.com" })
        #expect(cluster.allocator.claimCount == 0)
    }

    @Test func clusterIPIsImmutable() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a") { $0.clusterIP = "10.96.0.10" })
        let text = await message { _ = try await cluster.applier.apply(Service("a") { $0.clusterIP = "10.96.0.11" }) }
        #expect(
            text
                == "Service default/a: spec.clusterIP: Invalid value: \"10.96.0.11\": field is immutable: it was 10.96.0.10"
        )
        #expect(cluster.service("a")?.spec.clusterIP == "10.96.0.10")
    }

    @Test func healthCheckNodePort() async throws {
        let cluster = try await Cluster()
        _ = try await cluster.applier.apply(Service("a", type: "LoadBalancer") { $0.externalTrafficPolicy = "Local" })
        let port = try #require(cluster.service("a")?.spec.healthCheckNodePort)
        #expect((30000...32767).contains(port))
        #expect(cluster.allocator.claimCount == 3)
        _ = try await cluster.applier.apply(Service("a", type: "LoadBalancer") { $0.externalTrafficPolicy = "Cluster" })
        #expect(cluster.service("a")?.spec.healthCheckNodePort == nil)
        #expect(cluster.allocator.claimCount == 2)
    }

    @Test func configurationIsChecked() throws {
        let ports = try PortRange("30000-32767")
        #expect(throws: ConfigurationError.noServiceCIDR) { try ServiceAllocator(serviceCIDRs: [], nodePorts: ports) }
        let prefixes = try [IPPrefix("10.0.0.0/16"), IPPrefix("10.1.0.0/16")]
        #expect(throws: ConfigurationError.sameFamily(prefixes[0], prefixes[1])) {
            try ServiceAllocator(serviceCIDRs: prefixes, nodePorts: ports)
        }
    }
}

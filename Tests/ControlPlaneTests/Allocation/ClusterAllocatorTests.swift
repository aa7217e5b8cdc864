import APIMachinery
import KubeAPI
import Net
import Storage
import Testing

@testable import ControlPlane

struct ClusterAllocatorTests {
    @Test func aServiceGetsAnAddressAndKeepsIt() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.service("web"), in: .services)
        let address = try #require(made[["spec", "clusterIP"]]?.string)
        let parsed = try #require(IPAddress(parsing: address))
        let range = try IPPrefix("10.96.0.0/16")
        #expect(range.contains(parsed))
        #expect(made[["spec", "clusterIPs"]] == [.string(address)])
        #expect(made[["spec", "ipFamilies"]] == ["IPv4"])
        #expect(made[["spec", "ipFamilyPolicy"]] == "SingleStack")
        var change = Unstructured.service("web")
        change[["spec", "ports"]] = [["port": 81]]
        let changed = try await registry.update(change, in: .services, subresource: nil)
        #expect(changed[["spec", "clusterIP"]]?.string == address)
    }

    @Test func theFirstAddressIsServiceKubernetes() async throws {
        let registry = try await Registry.started()
        let kubernetes = try await registry.get(.services, .inDefault("kubernetes"))
        #expect(kubernetes[["spec", "clusterIP"]] == "10.96.0.1")
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("web", ["clusterIP": "10.96.0.1"]), in: .services)
        }
        #expect(
            failure.message
                == "Service \"web\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.1\"]: failed to allocate IP "
                + "10.96.0.1: provided IP is already allocated")
        #expect(failure.code == 422)
    }

    @Test func whatIsOutsideOfTheRangesIsRefused() async throws {
        let registry = try await Registry.started()
        let address = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("web", ["clusterIP": "10.1.0.1"]), in: .services)
        }
        #expect(
            address.message
                == "Service \"web\" is invalid: spec.clusterIPs: Invalid value: [\"10.1.0.1\"]: failed to allocate IP "
                + "10.1.0.1: the provided IP (10.1.0.1) is not in the valid range. The range of valid IPs is "
                + "10.96.0.0/16")
        let port = try await registry.failure { (registry) throws(Status) in
            let ports: JSONValue = [["port": 80, "nodePort": 80]]
            _ = try await registry.create(.service("web", ["type": "NodePort", "ports": ports]), in: .services)
        }
        #expect(
            port.message
                == "Service \"web\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the "
                + "valid range. The range of valid ports is 30000-32767")
    }

    @Test func aNodePortIsHadOnceAndFreedWithTheType() async throws {
        let registry = try await Registry.started()
        let ports: JSONValue = [["port": 80, "nodePort": 30080]]
        let spec: [String: JSONValue] = ["type": "NodePort", "ports": ports]
        var first = try await registry.create(.service("a", spec), in: .services)
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("b", spec), in: .services)
        }
        #expect(
            failure.message
                == "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already "
                + "allocated")
        first[["spec", "type"]] = "ClusterIP"
        first = try await registry.update(first, in: .services, subresource: nil)
        #expect(first[["spec", "ports"]]?.array?.first?["nodePort"] == nil)
        let second = try await registry.create(.service("b", spec), in: .services)
        #expect(second[["spec", "ports"]]?.array?.first?["nodePort"] == 30080)
        try await registry.delete(.services, .inDefault("b"), DeletionOptions())
        _ = try await registry.create(.service("c", spec), in: .services)
    }

    @Test func bothFamiliesForWhoWantsThem() async throws {
        let registry = try await Registry.started()
        let made = try await registry.create(.service("web", ["ipFamilyPolicy": "PreferDualStack"]), in: .services)
        #expect(made[["spec", "ipFamilies"]] == ["IPv4", "IPv6"])
        let list = made[["spec", "clusterIPs"]]?.array?.compactMap(\.string)
        let addresses = try #require(list)
        #expect(addresses.compactMap { IPAddress(parsing: $0)?.family } == [.ipv4, .ipv6])
        // One family fewer frees its address.
        var change = made
        change[["spec", "ipFamilyPolicy"]] = "SingleStack"
        let changed = try await registry.update(change, in: .services, subresource: nil)
        #expect(changed[["spec", "clusterIPs"]] == [.string(addresses[0])])
        _ = try await registry.create(
            .service("other", ["clusterIP": .string(addresses[1]), "ipFamilies": ["IPv6"]]), in: .services)
    }

    @Test func externalNamesHaveNoAddress() async throws {
        let registry = try await Registry.started()
        var made = try await registry.create(.service("web"), in: .services)
        let address = try #require(made[["spec", "clusterIP"]])
        made[["spec", "type"]] = "ExternalName"
        made[["spec", "externalName"]] = "example.com"
        made = try await registry.update(made, in: .services, subresource: nil)
        #expect(made[["spec", "clusterIP"]] == nil && made[["spec", "ipFamilies"]] == nil)
        _ = try await registry.create(.service("other", ["clusterIP": address]), in: .services)
    }

    /// Whoever starts over a store that was written before hands nothing out that is taken.
    @Test func whatIsStoredStaysTakenAfterARestart() async throws {
        let store = EmbeddedStore()
        let before = try await Registry.started(store)
        let ports: JSONValue = [["port": 80, "nodePort": 30080]]
        let made = try await before.create(.service("a", ["type": "NodePort", "ports": ports]), in: .services)
        let after = try await Registry.started(store)
        #expect(after.allocator.claimCount == before.allocator.claimCount)
        let failure = try await after.failure { (registry) throws(Status) in
            let address = made[["spec", "clusterIP"]] ?? .null
            _ = try await registry.create(.service("b", ["clusterIP": address]), in: .services)
        }
        #expect(failure.message.hasSuffix("provided IP is already allocated"))
    }

    @Test func aFailedWriteHoldsNothing() async throws {
        let registry = try await Registry.started()
        let before = registry.allocator.claimCount
        _ = try await registry.create(
            .service("a", ["type": "NodePort"]), of: try registry.kind(.services), WriteOptions(isDryRun: true))
        #expect(registry.allocator.claimCount == before)
        _ = try await registry.create(.service("a"), in: .services)
        _ = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(.service("a"), in: .services)
        }
        #expect(registry.allocator.claimCount == before + 1)
    }

    @Test func aLocalBalancerHasAPortForItsHealth() async throws {
        let registry = try await Registry.started()
        let spec: [String: JSONValue] = ["type": "LoadBalancer", "externalTrafficPolicy": "Local"]
        let made = try await registry.create(.service("a", spec), in: .services)
        let port = try #require(made[["spec", "healthCheckNodePort"]])
        let failure = try await registry.failure { (registry) throws(Status) in
            _ = try await registry.create(
                .service("b", spec.merging(["healthCheckNodePort": port]) { $1 }), in: .services)
        }
        #expect(
            failure.message
                == "Internal error occurred: failed to allocate requested HealthCheck NodePort \(port.integer ?? 0): "
                + "provided port is already allocated")
    }
}

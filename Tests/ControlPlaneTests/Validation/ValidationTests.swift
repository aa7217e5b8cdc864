import KubeAPI
import Testing

@testable import ControlPlane

/// A row per rule: an object with one fault, and what is said about it.
@Suite struct ValidationTests {
    private func failures<Object: APIObject>(_ object: Object) -> [String] {
        var object = object
        object.setDefaults()
        return object.failures(replacing: nil).map(\.description)
    }

    @Test func errorTextNamesTheObject() {
        var service = Service("web", ports: [ServicePortSpec(port: 70000)])
        #expect(throws: Status.self) { try ObjectStore<Service>.admit(&service, replacing: nil) }
        let status = Status.invalid(
            service.reference, service.failures(replacing: nil).filter { $0.path == "spec.ports[0].port" })
        #expect(
            status.message
                == "Service default/web: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"
        )
        #expect(status.code == 422)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let expected: String
        let change: @Sendable (inout Service) -> Void
        init(_ expected: String, _ change: @escaping @Sendable (inout Service) -> Void) {
            self.expected = expected
            self.change = change
        }
        var testDescription: String { expected }
    }

    @Test(arguments: [
        Row("metadata.name: Required value: name or generateName is required") { $0.metadata.name = "" },
        Row("metadata.name: Invalid value: \"1web\": a DNS-1035 label must consist of") { $0.metadata.name = "1web" },
        Row("metadata.name: Invalid value: \"Web\": a DNS-1035 label") { $0.metadata.name = "Web" },
        Row("must be no more than 63 characters") { $0.metadata.name = String(repeating: "a", count: 64) },
        Row("metadata.namespace: Required value") { $0.metadata.namespace = "" },
        Row("metadata.namespace: Invalid value: \"A\": a lowercase RFC 1123 label") { $0.metadata.namespace = "A" },
        Row("spec.type: Unsupported value: \"X\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\"")
        {
            $0.spec.type = "X"
        },
        Row("spec.ports: Required value") { $0.spec.ports = [] },
        Row("spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive") {
            $0.spec.ports = [ServicePortSpec(port: 0, targetPort: .int(1))]
        },
        Row("spec.ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"") {
            $0.spec.ports[0].protocol = "ICMP"
        },
        Row("spec.ports[0].name: Invalid value: \"-a\": a lowercase RFC 1123 label") { $0.spec.ports[0].name = "-a" },
        Row("spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive") {
            $0.spec.ports[0].targetPort = .int(70000)
        },
        Row("spec.ports[0].targetPort: Invalid value: \"123\": must contain at least one letter") {
            $0.spec.ports[0].targetPort = .string("123")
        },
        Row("spec.ports[0].targetPort: Invalid value: \"a--b\": must not contain consecutive hyphens") {
            $0.spec.ports[0].targetPort = .string("a--b")
        },
        Row("spec.ports[0].targetPort: Invalid value: \"abcdefghijklmnop\": must be no more than 15 characters") {
            $0.spec.ports[0].targetPort = .string("abcdefghijklmnop")
        },
        Row("spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'") {
            $0.spec.ports[0].nodePort = 30080
        },
        Row("spec.sessionAffinity: Unsupported value: \"X\": supported values: \"ClientIP\", \"None\"") {
            $0.spec.sessionAffinity = "X"
        },
        Row("timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400") {
            $0.spec.sessionAffinity = "ClientIP"
            $0.spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: 86401))
        },
        Row("timeoutSeconds: Invalid value: 0: must be greater than 0") {
            $0.spec.sessionAffinity = "ClientIP"
            $0.spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: 0))
        },
        Row("spec.trafficDistribution: Unsupported value: \"Near\": supported values: \"PreferClose\"") {
            $0.spec.trafficDistribution = "Near"
        },
        Row("spec.loadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'") {
            $0.spec.loadBalancerSourceRanges = ["10.0.0.0/8"]
        },
        Row("status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'") {
            $0.status = ServiceStatus(loadBalancer: LoadBalancerStatus(ingress: [.init(ip: "192.0.2.1")]))
        },
        Row("status.loadBalancer.ingress[0].ip: Invalid value: \"x\": must be a valid IP address") {
            $0.spec.type = "LoadBalancer"
            $0.status = ServiceStatus(loadBalancer: LoadBalancerStatus(ingress: [.init(ip: "x")]))
        },
        Row("ingress[1].ipMode: Unsupported value: \"Nat\": supported values: \"Proxy\", \"VIP\"") {
            $0.spec.type = "LoadBalancer"
            $0.status = ServiceStatus(
                loadBalancer: LoadBalancerStatus(ingress: [
                    .init(ip: "192.0.2.1", ipMode: "Proxy"), .init(ip: "192.0.2.2", ipMode: "Nat"),
                ]))
        },
        Row("ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set") {
            $0.spec.type = "LoadBalancer"
            $0.status = ServiceStatus(
                loadBalancer: LoadBalancerStatus(ingress: [.init(hostname: "lb.example.org", ipMode: "VIP")]))
        },
        Row("ingress[0].hostname: Invalid value: \"192.0.2.1\": must be a DNS name, not an IP address") {
            $0.spec.type = "LoadBalancer"
            $0.status = ServiceStatus(loadBalancer: LoadBalancerStatus(ingress: [.init(hostname: "192.0.2.1")]))
        },
        Row("spec.internalTrafficPolicy: Unsupported value: \"X\"") { $0.spec.internalTrafficPolicy = "X" },
        Row("spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services")
        {
            $0.spec.externalTrafficPolicy = "Local"
        },
        Row("spec.healthCheckNodePort: Invalid value: 30000: may only be set when") {
            $0.spec.healthCheckNodePort = 30000
        },
        Row("spec.clusterIPs[0]: Invalid value: \"10.0.0\": must be a valid IP address") {
            $0.spec.clusterIP = "10.0.0"
        },
        Row("spec.clusterIPs[0]: Invalid value: \"10.0.0.2\": must match `clusterIP`") {
            $0.spec.clusterIP = "10.0.0.1"
            $0.spec.clusterIPs = ["10.0.0.2"]
        },
        Row("spec.clusterIPs[1]: Invalid value: \"10.0.0.2\": may specify no more than one IP for each IP family") {
            $0.spec.clusterIPs = ["10.0.0.1", "10.0.0.2"]
        },
        Row("'None' must be the first and only value") { $0.spec.clusterIPs = ["None", "10.0.0.2"] },
        Row("may not be set to 'None' for NodePort services") {
            $0.spec.type = "NodePort"
            $0.spec.clusterIP = "None"
        },
        Row("spec.clusterIPs[0]: Invalid value: \"10.0.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`") {
            $0.spec.clusterIP = "10.0.0.1"
            $0.spec.ipFamilies = ["IPv6"]
        },
        Row("spec.ipFamilies[0]: Unsupported value: \"IPv5\": supported values: \"IPv4\", \"IPv6\"") {
            $0.spec.ipFamilies = ["IPv5"]
        },
        Row("spec.ipFamilies[1]: Duplicate value: \"IPv4\"") { $0.spec.ipFamilies = ["IPv4", "IPv4"] },
        Row("spec.ipFamilyPolicy: Unsupported value: \"Dual\"") { $0.spec.ipFamilyPolicy = "Dual" },
        Row("spec.externalIPs[0]: Invalid value: \"x\": must be a valid IP address") { $0.spec.externalIPs = ["x"] },
        Row("spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range") {
            $0.spec.externalIPs = ["127.0.0.1"]
        },
        Row("spec.loadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1/8\": must be a valid CIDR value") {
            $0.spec.type = "LoadBalancer"
            $0.spec.loadBalancerSourceRanges = ["10.0.0.1/8"]
        },
        Row("spec.externalName: Required value") { $0.spec.type = "ExternalName" },
        Row("spec.externalName: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain") {
            $0.spec.type = "ExternalName"
            $0.spec.externalName = "a_b"
        },
        Row("spec.clusterIPs: Forbidden: may not be set for ExternalName services") {
            $0.spec.type = "ExternalName"
            $0.spec.externalName = "example.com"
            $0.spec.clusterIP = "10.0.0.1"
        },
    ])
    func service(_ row: Row) {
        var service = Service("web")
        row.change(&service)
        let failures = failures(service)
        #expect(failures.count == 1 && failures[0].contains(row.expected), "\(failures)")
    }

    @Test func portsOfAServiceAreTold() {
        let ports = [
            ServicePortSpec(name: "a", port: 80, nodePort: 30080),
            ServicePortSpec(name: "a", port: 80, nodePort: 30080),
            ServicePortSpec(port: 81), ServicePortSpec(name: "u", protocol: "UDP", port: 80, nodePort: 30080),
        ]
        #expect(
            failures(Service("web", type: "NodePort", ports: ports)) == [
                "spec.ports[1].name: Duplicate value: \"a\"", "spec.ports[1]: Duplicate value: \"80/TCP\"",
                "spec.ports[1].nodePort: Duplicate value: \"30080/TCP\"", "spec.ports[2].name: Required value",
            ])
    }

    @Test func validServicesPass() {
        #expect(failures(Service("web")).isEmpty)
        #expect(failures(Service("h", ports: []) { $0.clusterIP = "None" }).isEmpty)
        #expect(failures(Service("e", type: "ExternalName", ports: []) { $0.externalName = "a.example.com." }).isEmpty)
        #expect(failures(Service("l", type: "LoadBalancer") { $0.loadBalancerSourceRanges = [" 10.0.0.0/8 "] }).isEmpty)
    }

    @Test func defaultsOfAffinityAndIngress() {
        var service = Service("l", type: "LoadBalancer") { $0.sessionAffinity = "ClientIP" }
        service.status = ServiceStatus(
            loadBalancer: LoadBalancerStatus(ingress: [.init(ip: "192.0.2.1"), .init(hostname: "lb.example.org")]))
        service.setDefaults()
        #expect(service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds == 10_800)
        #expect(service.status?.loadBalancer?.ingress.map(\.ipMode) == ["VIP", nil])
        #expect(service.failures(replacing: nil).isEmpty)
        service.spec.sessionAffinity = "None"
        service.setDefaults()
        #expect(service.spec.sessionAffinityConfig == nil)
    }

    @Test func serviceCIDRs() {
        func object(_ cidrs: String...) -> ServiceCIDR { ServiceCIDR(metadata: ObjectMeta(name: "more"), cidrs: cidrs) }
        #expect(failures(object("10.97.0.0/16", "fd00:97::/112")).isEmpty)
        let rows: [(ServiceCIDR, String)] = [
            (object(), "spec.cidrs: Required value"),
            (object("10.97.0.0"), "spec.cidrs[0]: Invalid value: \"10.97.0.0\": must be a valid CIDR value"),
            (object("10.97.0.0/16", "10.98.0.0/16"), "may specify no more than one IP for each IP family"),
            (object("10.97.0.0/16", "fd00:97::/112", "fd00:98::/112"), "spec.cidrs: Too many: 3"),
        ]
        for (object, expected) in rows {
            let failures = failures(object)
            #expect(failures.count == 1 && failures[0].contains(expected), "\(failures)")
        }
        let old = object("10.97.0.0/16")
        #expect(object("10.97.0.0/16", "fd00:97::/112").failures(replacing: old).isEmpty)
        #expect(object("10.98.0.0/16").failures(replacing: old).count == 1)
    }

    @Test func endpointSlices() {
        func slice(_ type: String, _ addresses: [String]) -> EndpointSlice {
            EndpointSlice(
                metadata: ObjectMeta(name: "web-x", namespace: "default"), addressType: type,
                endpoints: [EndpointSpec(addresses: addresses)])
        }
        let rows: [(EndpointSlice, String)] = [
            (slice("IPv4", ["foo"]), "endpoints[0].addresses[0]: Invalid value: \"foo\": must be a valid IPv4 address"),
            (slice("IPv4", ["fd00::1"]), "must be a valid IPv4 address"),
            (slice("IPv6", ["10.0.0.1"]), "must be a valid IPv6 address"),
            (slice("IPv4", ["169.254.0.1"]), "may not be in the link-local range"),
            (slice("IPv4", ["0.0.0.0"]), "may not be unspecified"),
            (slice("IPv4", ["224.0.0.1"]), "may not be in the multicast range"),
            (slice("IPv4", []), "endpoints[0].addresses: Required value: must contain at least 1 address"),
            (slice("IPv5", ["10.0.0.1"]), "addressType: Unsupported value: \"IPv5\""),
            (slice("FQDN", ["a_b"]), "a lowercase RFC 1123 subdomain"),
        ]
        for (slice, expected) in rows {
            let failures = failures(slice)
            #expect(failures.count == 1 && failures[0].contains(expected), "\(failures)")
        }
        var ports = slice("IPv4", ["10.0.0.1"])
        ports.ports = [EndpointPort(name: "a", port: 0), EndpointPort(name: "a", protocol: "X", port: 1)]
        #expect(failures(ports).count == 3)
        var full = slice("IPv4", ["10.0.0.1"])
        full.endpoints = Array(repeating: full.endpoints[0], count: 1001)
        #expect(failures(full) == ["endpoints: Too many: 1001: must have at most 1000 items"])
        let change = slice("IPv6", ["fd00::1"]).failures(replacing: slice("IPv4", ["10.0.0.1"]))
        #expect(change.map(\.description) == ["addressType: Invalid value: \"IPv6\": field is immutable"])
    }

    @Test func podsAndNodes() {
        var pod = Pod("p", app: "a", ["10.0.0.1", "10.0.0.2"], ports: [ContainerPort(name: "http", containerPort: 0)])
        #expect(
            failures(pod) == [
                "spec.containers[0].ports[0].containerPort: Invalid value: 0: must be between 1 and 65535, inclusive",
                "status.podIPs[1]: Invalid value: \"10.0.0.2\": may specify no more than one IP for each IP family",
            ])
        pod = Pod("p", app: "a", [])
        pod.status.podIP = "10.0.0.1"
        pod.setDefaults()
        #expect(pod.status.podIPs.map(\.ip) == ["10.0.0.1"])
        var node = Node(metadata: ObjectMeta(name: "n", namespace: "x"), spec: NodeSpec(podCIDRs: ["10.244.0.1/24"]))
        node.status.addresses = [.init(type: "InternalIP", address: "x"), .init(type: "Hostname", address: "x")]
        #expect(
            failures(node).map { $0.prefix(26) }.map(String.init) == [
                "metadata.namespace: Forbid", "spec.podCIDRs[0]: Invalid ", "status.addresses[0].addres",
            ])
    }
}

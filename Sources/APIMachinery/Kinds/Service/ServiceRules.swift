import KubeAPI

/// Services (upstream's pkg/registry/core/service).
enum ServiceRules {
    static let rules = KindRules(
        resource: Resource(core: "Service", "services"), singular: "service", shortNames: ["svc"], categories: ["all"],
        subresources: ["status"], strategy: .init(createsOnUpdate: true),
        setDefaults: setDefaults, prepare: prepare, failures: failures, statusFailures: statusFailures,
        selectableFields: [
            "spec.clusterIP": { $0.spec.text("clusterIP") }, "spec.type": { $0.spec.text("type") },
        ],
        columns: NetworkColumns.service,
        columnFields: FieldMask([
            "spec.type", "spec.clusterIPs", "spec.externalIPs", "spec.externalName", "spec.ports", "spec.selector",
            "status.loadBalancer",
        ]))

    /// `SetDefaults_Service` (pkg/apis/core/v1/defaults.go). Addresses and families are the allocator's.
    static func setDefaults(_ service: inout Unstructured) {
        var hasBalancer = false
        service.edit("spec") { spec in
            spec.setIfZero("sessionAffinity", "None")
            if spec.text("sessionAffinity") == "None" { spec["sessionAffinityConfig"] = nil }
            if spec.text("sessionAffinity") == "ClientIP",
                spec.part("sessionAffinityConfig").part("clientIP").field("timeoutSeconds") == nil
            {
                spec["sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": 10_800]]
            }
            spec.setIfZero("type", "ClusterIP")
            spec.editEach("ports") { port in
                port.setIfZero("protocol", "TCP")
                port.setIfZero("targetPort", port["port"] ?? 0)
            }
            let type = spec.text("type")
            hasBalancer = type == "LoadBalancer"
            if ServiceTraits(spec).isExternallyAccessible { spec.setIfZero("externalTrafficPolicy", "Cluster") }
            if ["NodePort", "LoadBalancer", "ClusterIP"].contains(type) {
                spec.setIfAbsent("internalTrafficPolicy", "Cluster")
            }
            if hasBalancer { spec.setIfAbsent("allocateLoadBalancerNodePorts", true) }
        }
        guard hasBalancer, let status = service["status"], status.object != nil else { return }
        service.edit("status") { status in
            status.edit("loadBalancer") { balancer in
                balancer.editEach("ingress") { if !$0.text("ip").isEmpty { $0.setIfAbsent("ipMode", "VIP") } }
            }
        }
    }
}

/// What the type of a Service brings with it.
struct ServiceTraits {
    let spec: JSONValue

    init(_ spec: JSONValue) { self.spec = spec }

    var type: String { spec.text("type") }
    var isHeadless: Bool { spec.text("clusterIP") == "None" }

    /// Whether each of its ports may have a node port.
    var mayHaveNodePorts: Bool { type == "NodePort" || type == "LoadBalancer" }

    /// Whether every port gets a node port without asking.
    var wantsNodePorts: Bool {
        type == "NodePort" || type == "LoadBalancer" && spec.field("allocateLoadBalancerNodePorts")?.bool != false
    }

    var isExternallyAccessible: Bool { mayHaveNodePorts || type == "ClusterIP" && !spec.list("externalIPs").isEmpty }

    var wantsHealthCheckNodePort: Bool { type == "LoadBalancer" && spec.text("externalTrafficPolicy") == "Local" }
}

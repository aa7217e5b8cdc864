import KubeAPI
import Net

/// What one Service at a time can have.
enum ServiceClaim: Hashable, Sendable {
    case address(IPAddress)
    /// Whatever its protocol, as upstream counts node ports by their number.
    case nodePort(UInt16)
}

/// The parts of a Service's `spec` that decide what it has and wants.
struct ServiceDemand {
    /// The fields that are read, for who decodes only those.
    static let fields = FieldMask([
        "spec.type", "spec.clusterIP", "spec.clusterIPs", "spec.ports", "spec.healthCheckNodePort",
        "spec.externalTrafficPolicy", "spec.allocateLoadBalancerNodePorts",
    ])

    let spec: JSONValue

    init(_ spec: JSONValue?) { self.spec = spec ?? .null }

    var type: String { spec["type"]?.string ?? "ClusterIP" }
    var clusterIPs: [String] {
        if let texts = spec["clusterIPs"]?.array?.compactMap(\.string), !texts.isEmpty { return texts }
        return spec["clusterIP"]?.string.flatMap { $0.isEmpty ? nil : [$0] } ?? []
    }
    var ipFamilies: [String] { spec["ipFamilies"]?.array?.compactMap(\.string) ?? [] }
    var isHeadless: Bool { clusterIPs.first == "None" }
    var hasSelector: Bool { spec["selector"]?.object?.isEmpty == false }
    var mayHaveNodePorts: Bool { type == "NodePort" || type == "LoadBalancer" }
    var wantsNodePorts: Bool {
        type == "NodePort" || type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.bool != false
    }
    var wantsHealthCheckNodePort: Bool {
        type == "LoadBalancer" && spec["externalTrafficPolicy"]?.string == "Local"
    }
    var healthCheckNodePort: Int { spec["healthCheckNodePort"]?.integer ?? 0 }

    /// What the Service says it has.
    var claims: Set<ServiceClaim> {
        guard type != "ExternalName" else { return [] }
        var claims = Set(clusterIPs.compactMap { IPAddress(parsing: $0).map { ServiceClaim.address($0) } })
        guard mayHaveNodePorts else { return claims }
        for port in spec["ports"]?.array ?? [] {
            guard let number = port["nodePort"]?.integer.flatMap({ UInt16(exactly: $0) }), number != 0 else { continue }
            claims.insert(.nodePort(number))
        }
        if wantsHealthCheckNodePort, let number = UInt16(exactly: healthCheckNodePort), number != 0 {
            claims.insert(.nodePort(number))
        }
        return claims
    }
}

import KubeAPI

extension KubeAPI.Service {
    /// Fills in as `SetDefaults_Service` upstream (pkg/apis/core/v1/defaults.go). What needs the allocators is left.
    package mutating func setDefaults() {
        if spec.type.isEmpty { spec.type = "ClusterIP" }
        if spec.sessionAffinity == nil { spec.sessionAffinity = "None" }
        if spec.sessionAffinity == "None" { spec.sessionAffinityConfig = nil }
        if spec.sessionAffinity == "ClientIP", spec.sessionAffinityConfig?.clientIP?.timeoutSeconds == nil {
            spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: 10_800))
        }
        for index in spec.ports.indices { spec.ports[index].setDefaults() }
        if spec.type == "LoadBalancer" { setIngressDefaults() }
        if spec.clusterIPs.isEmpty, !spec.clusterIP.isEmpty { spec.clusterIPs = [spec.clusterIP] }
        if spec.clusterIP.isEmpty, let first = spec.clusterIPs.first { spec.clusterIP = first }
        if spec.type != "ExternalName", spec.internalTrafficPolicy == nil { spec.internalTrafficPolicy = "Cluster" }
        if isExternallyAccessible, spec.externalTrafficPolicy == nil { spec.externalTrafficPolicy = "Cluster" }
        if spec.type == "LoadBalancer", spec.allocateLoadBalancerNodePorts == nil {
            spec.allocateLoadBalancerNodePorts = true
        }
    }

    private mutating func setIngressDefaults() {
        guard var balancer = status?.loadBalancer else { return }
        for index in balancer.ingress.indices
        where balancer.ingress[index].ipMode == nil && balancer.ingress[index].ip?.isEmpty == false {
            balancer.ingress[index].ipMode = "VIP"
        }
        status?.loadBalancer = balancer
    }

    /// `clusterIP: None`.
    package var isHeadless: Bool { spec.clusterIP == "None" }

    /// NodePort and LoadBalancer Services: each of their ports may have a node port.
    var usesNodePorts: Bool { spec.type == "NodePort" || spec.type == "LoadBalancer" }

    /// Whether every port gets a node port without asking.
    var wantsNodePorts: Bool {
        spec.type == "NodePort" || spec.type == "LoadBalancer" && spec.allocateLoadBalancerNodePorts != false
    }

    var wantsHealthCheckNodePort: Bool { spec.type == "LoadBalancer" && spec.externalTrafficPolicy == "Local" }

    var isExternallyAccessible: Bool {
        usesNodePorts || spec.type == "ClusterIP" && !spec.externalIPs.isEmpty
    }

    /// Takes over what was allocated for `old` where this object does not say otherwise (pkg/registry/core/service
    /// `patchAllocatedValues` and `dropTypeDependentFields`).
    mutating func keepAllocations(of old: KubeAPI.Service) {
        if spec.type != "ExternalName", old.spec.type != "ExternalName" {
            if spec.clusterIP.isEmpty, spec.clusterIPs.isEmpty { spec.clusterIP = old.spec.clusterIP }
            if spec.clusterIPs.isEmpty, spec.clusterIP == old.spec.clusterIP { spec.clusterIPs = old.spec.clusterIPs }
        }
        if usesNodePorts, old.usesNodePorts {
            keepNodePorts(of: old)
        } else if !usesNodePorts {
            dropNodePorts(of: old)
        }
        if wantsHealthCheckNodePort, old.wantsHealthCheckNodePort, spec.healthCheckNodePort == nil {
            spec.healthCheckNodePort = old.spec.healthCheckNodePort
        }
    }

    /// By the names of the ports: the rest of a port may have changed.
    private mutating func keepNodePorts(of old: KubeAPI.Service) {
        var used = Set(old.spec.ports.map(\.nodePort)).intersection(spec.ports.map(\.nodePort))
        let known = Dictionary(old.spec.ports.map { ($0.name, $0.nodePort) }) { first, _ in first }
        for index in spec.ports.indices where spec.ports[index].nodePort == 0 {
            guard let port = known[spec.ports[index].name], used.insert(port).inserted else { continue }
            spec.ports[index].nodePort = port
        }
    }

    private mutating func dropNodePorts(of old: KubeAPI.Service) {
        let known = Set(old.spec.ports.map(\.nodePort))
        for index in spec.ports.indices where known.contains(spec.ports[index].nodePort) {
            spec.ports[index].nodePort = 0
        }
        if spec.healthCheckNodePort == old.spec.healthCheckNodePort { spec.healthCheckNodePort = nil }
    }
}

extension ServicePortSpec {
    fileprivate mutating func setDefaults() {
        if self.protocol.isEmpty { self.protocol = "TCP" }
        switch targetPort {
        case nil, .int(0), .string(""): targetPort = .int(port)
        default: break
        }
    }
}

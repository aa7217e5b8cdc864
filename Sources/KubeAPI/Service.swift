/// core/v1 `Service`.
package struct Service: KubernetesObject {
    package static let resource = Resource(
        group: "", version: "v1", kind: "Service", plural: "services", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: ServiceSpec
    package var status: ServiceStatus?

    package init(metadata: ObjectMeta, spec: ServiceSpec) {
        self.metadata = metadata
        self.spec = spec
    }
}

/// `spec` of a Service. Enumerations are kept as the text they came as: validation is the server's, not the decoder's.
package struct ServiceSpec: Codable, Sendable, Equatable {
    /// `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    package var type: String
    package var selector: [String: String]
    /// Empty before allocation; `None` for a headless Service.
    package var clusterIP: String
    package var clusterIPs: [String]
    /// `IPv4`, `IPv6`; as many as `clusterIPs`.
    package var ipFamilies: [String]
    /// `SingleStack`, `PreferDualStack` or `RequireDualStack`.
    package var ipFamilyPolicy: String?
    package var ports: [ServicePortSpec]
    package var externalIPs: [String]
    package var externalName: String?
    package var externalTrafficPolicy: String?
    package var internalTrafficPolicy: String?
    package var trafficDistribution: String?
    package var healthCheckNodePort: Int?
    package var loadBalancerIP: String?
    package var loadBalancerClass: String?
    package var loadBalancerSourceRanges: [String]
    package var allocateLoadBalancerNodePorts: Bool?
    package var publishNotReadyAddresses: Bool
    package var sessionAffinity: String?
    package var sessionAffinityConfig: SessionAffinityConfig?

    package init(type: String = "ClusterIP", selector: [String: String] = [:], ports: [ServicePortSpec] = []) {
        self.type = type
        self.selector = selector
        self.ports = ports
        clusterIP = ""
        clusterIPs = []
        ipFamilies = []
        externalIPs = []
        loadBalancerSourceRanges = []
        publishNotReadyAddresses = false
    }
}

/// An entry of `spec.ports`.
package struct ServicePortSpec: Codable, Sendable, Equatable {
    /// Empty is allowed where a Service has one port.
    package var name: String
    /// `TCP` (the default), `UDP` or `SCTP`.
    package var `protocol`: String
    package var port: Int
    package var targetPort: IntOrString?
    /// 0 where none is set.
    package var nodePort: Int
    package var appProtocol: String?

    package init(
        name: String = "", protocol: String = "TCP", port: Int, targetPort: IntOrString? = nil, nodePort: Int = 0
    ) {
        self.name = name
        self.protocol = `protocol`
        self.port = port
        self.targetPort = targetPort
        self.nodePort = nodePort
    }
}

/// `spec.sessionAffinityConfig`.
package struct SessionAffinityConfig: Codable, Sendable, Equatable {
    package struct ClientIP: Codable, Sendable, Equatable {
        package var timeoutSeconds: Int?
    }
    package var clientIP: ClientIP?
}

/// `status` of a Service.
package struct ServiceStatus: Codable, Sendable, Equatable {
    package var loadBalancer: LoadBalancerStatus?
}

/// `status.loadBalancer`.
package struct LoadBalancerStatus: Codable, Sendable, Equatable {
    package struct Ingress: Codable, Sendable, Equatable {
        package var ip: String?
        package var hostname: String?
        /// `VIP` (the default) or `Proxy` (KEP-1860).
        package var ipMode: String?
    }
    package var ingress: [Ingress]
}

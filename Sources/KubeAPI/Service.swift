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

    package init(from decoder: any Decoder) throws {
        let fields = try Self.open(decoder)
        metadata = try fields.required(.metadata)
        spec = try fields.required(.spec)
        status = try fields.value(.status)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = try open(encoder)
        try fields.encode(spec, forKey: .spec)
        try fields.encodeUnlessZero(status, forKey: .status)
    }
}

/// An entry of `spec.ports`.
package struct ServicePortSpec: Codable, Sendable, Equatable {
    /// Empty is allowed where a Service has one port.
    @OmitEmpty package var name: String
    /// `TCP` (the default), `UDP` or `SCTP`.
    package var `protocol`: String
    package var port: Int
    package var targetPort: IntOrString?
    /// 0 where none is set.
    @OmitEmpty package var nodePort: Int
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

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.value(.name)
        self.protocol = try fields.value(.protocol) ?? "TCP"
        port = try fields.required(.port)
        targetPort = try fields.value(.targetPort)
        nodePort = try fields.value(.nodePort)
        appProtocol = try fields.value(.appProtocol)
    }
}

/// `spec.sessionAffinityConfig`.
package struct SessionAffinityConfig: Codable, Sendable, Equatable {
    package struct ClientIP: Codable, Sendable, Equatable {
        @OmitEmpty package var timeoutSeconds: Int?

        package init(timeoutSeconds: Int? = nil) { self.timeoutSeconds = timeoutSeconds }
    }
    package var clientIP: ClientIP?

    package init(clientIP: ClientIP? = nil) { self.clientIP = clientIP }
}

/// `status` of a Service.
package struct ServiceStatus: Codable, Sendable, Equatable {
    package var loadBalancer: LoadBalancerStatus?

    package init(loadBalancer: LoadBalancerStatus? = nil) { self.loadBalancer = loadBalancer }
}

/// `status.loadBalancer`.
package struct LoadBalancerStatus: Codable, Sendable, Equatable {
    package struct Ingress: Codable, Sendable, Equatable {
        package var ip: String?
        package var hostname: String?
        /// `VIP` (the default) or `Proxy` (KEP-1860).
        package var ipMode: String?

        package init(ip: String? = nil, hostname: String? = nil, ipMode: String? = nil) {
            self.ip = ip
            self.hostname = hostname
            self.ipMode = ipMode
        }
    }
    @OmitEmpty package var ingress: [Ingress]

    package init(ingress: [Ingress] = []) { self.ingress = ingress }
}

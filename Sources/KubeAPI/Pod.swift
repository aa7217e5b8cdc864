/// core/v1 `Pod`: what networking needs of it.
package struct Pod: KubernetesObject {
    package static let resource = Resource(group: "", version: "v1", kind: "Pod", plural: "pods", isNamespaced: true)

    package var metadata: ObjectMeta
    package var spec: PodSpec
    package var status: PodStatus

    package init(metadata: ObjectMeta, spec: PodSpec = PodSpec(), status: PodStatus = PodStatus()) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Self.open(decoder)
        metadata = try fields.required(.metadata)
        spec = try fields.value(.spec)
        status = try fields.value(.status)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = try open(encoder)
        try fields.encodeUnlessZero(spec, forKey: .spec)
        try fields.encodeUnlessZero(status, forKey: .status)
    }
}

/// `spec` of a Pod.
package struct PodSpec: Codable, Sendable, Equatable {
    package var nodeName: String?
    package var hostname: String?
    package var subdomain: String?
    package var hostNetwork: Bool?
    @OmitEmpty package var containers: [Container]
    @OmitEmpty package var initContainers: [Container]

    package init(nodeName: String? = nil, containers: [Container] = []) {
        self.nodeName = nodeName
        self.containers = containers
        initContainers = []
    }
}

/// An entry of `spec.containers` or `spec.initContainers`.
package struct Container: Codable, Sendable, Equatable {
    @OmitEmpty package var name: String
    package var image: String?
    @OmitEmpty package var ports: [ContainerPort]
    /// `Always` makes an init container a sidecar, whose named ports count (KEP-753).
    package var restartPolicy: String?

    package init(name: String, ports: [ContainerPort] = []) {
        self.name = name
        self.ports = ports
    }
}

/// An entry of a container's `ports`.
package struct ContainerPort: Codable, Sendable, Equatable {
    package var name: String?
    package var containerPort: Int
    package var `protocol`: String?
    @OmitEmpty package var hostPort: Int?

    package init(name: String? = nil, containerPort: Int, protocol: String? = nil) {
        self.name = name
        self.containerPort = containerPort
        self.protocol = `protocol`
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.value(.name)
        containerPort = try fields.required(.containerPort)
        self.protocol = try fields.value(.protocol)
        hostPort = try fields.value(.hostPort)
    }
}

/// `status` of a Pod.
package struct PodStatus: Codable, Sendable, Equatable {
    package struct PodIP: Codable, Sendable, Equatable {
        @OmitEmpty package var ip: String
        package init(ip: String) { self.ip = ip }
    }
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    package var phase: String?
    package var podIP: String?
    @OmitEmpty package var podIPs: [PodIP]
    package var hostIP: String?
    @OmitEmpty package var conditions: [Condition]

    package init(phase: String? = nil, podIPs: [String] = [], conditions: [Condition] = []) {
        self.phase = phase
        self.podIP = podIPs.first
        self.podIPs = podIPs.map(PodIP.init(ip:))
        self.conditions = conditions
    }
}

/// An entry of `status.conditions` of a Pod or Node.
package struct Condition: Codable, Sendable, Equatable {
    @OmitEmpty package var type: String
    /// `True`, `False` or `Unknown`.
    @OmitEmpty package var status: String
    package var reason: String?
    package var message: String?

    package init(type: String, status: String) {
        self.type = type
        self.status = status
    }
}

extension PodSpec: ZeroValue {
    package static var zero: PodSpec { PodSpec() }
}

extension PodStatus: ZeroValue {
    package static var zero: PodStatus { PodStatus() }
}

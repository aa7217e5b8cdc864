/// discovery.k8s.io/v1 `EndpointSlice`.
package struct EndpointSlice: KubernetesObject {
    package static let resource = Resource(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices", isNamespaced: true)

    /// The label that names the Service a slice belongs to.
    package static let serviceNameLabel = "kubernetes.io/service-name"
    /// The label that names the controller which owns a slice.
    package static let managedByLabel = "endpointslice.kubernetes.io/managed-by"
    /// The label of slices that belong to a headless Service.
    package static let headlessLabel = "service.kubernetes.io/headless"
    /// When the change was seen that led to the slice's last write, as RFC 3339 text.
    package static let triggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time"

    package var metadata: ObjectMeta
    /// `IPv4`, `IPv6` or `FQDN`.
    package var addressType: String
    package var endpoints: [EndpointSpec]
    package var ports: [EndpointPort]

    package init(metadata: ObjectMeta, addressType: String, endpoints: [EndpointSpec] = [], ports: [EndpointPort] = [])
    {
        self.metadata = metadata
        self.addressType = addressType
        self.endpoints = endpoints
        self.ports = ports
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Self.open(decoder)
        metadata = try fields.required(.metadata)
        addressType = try fields.required(.addressType)
        endpoints = try fields.value(.endpoints)
        ports = try fields.value(.ports)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = try open(encoder)
        try fields.encode(addressType, forKey: .addressType)
        // Upstream has no `omitempty` on these two (discovery/v1 types.go).
        try fields.encode(endpoints, forKey: .endpoints)
        try fields.encode(ports, forKey: .ports)
    }
}

/// `conditions` of an endpoint: nil means ready, serving, not terminating.
package struct EndpointConditions: Codable, Sendable, Equatable {
    package var ready: Bool?
    package var serving: Bool?
    package var terminating: Bool?

    package init(ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil) {
        self.ready = ready
        self.serving = serving
        self.terminating = terminating
    }
}

/// `hints` of an endpoint (topology).
package struct EndpointHints: Codable, Sendable, Equatable {
    package struct Name: Codable, Sendable, Equatable {
        @OmitEmpty package var name: String

        package init(name: String) { self.name = name }
    }
    package var forZones: [Name]?
    package var forNodes: [Name]?

    package init(forZones: [String]? = nil, forNodes: [String]? = nil) {
        self.forZones = forZones?.map(Name.init(name:))
        self.forNodes = forNodes?.map(Name.init(name:))
    }
}

/// An entry of a slice's `ports`.
package struct EndpointPort: Codable, Sendable, Equatable {
    package var name: String?
    package var `protocol`: String?
    @OmitEmpty package var port: Int?
    package var appProtocol: String?

    package init(name: String?, protocol: String? = "TCP", port: Int?) {
        self.name = name
        self.protocol = `protocol`
        self.port = port
    }
}

/// A reference to another object, as in `targetRef`.
package struct ObjectReference: Codable, Sendable, Equatable {
    package var kind: String?
    package var namespace: String?
    package var name: String?
    package var uid: String?

    package init(kind: String, namespace: String, name: String, uid: String? = nil) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }
}

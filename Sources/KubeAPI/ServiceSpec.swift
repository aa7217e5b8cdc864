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
    package var externalTrafficPolicy: String?
    package var internalTrafficPolicy: String?
    package var sessionAffinity: String?
    package var publishNotReadyAddresses: Bool
    private var rare = Seldom<Rare>()

    package init(type: String = "ClusterIP", selector: [String: String] = [:], ports: [ServicePortSpec] = []) {
        self.type = type
        self.selector = selector
        self.ports = ports
        clusterIP = ""
        clusterIPs = []
        ipFamilies = []
        publishNotReadyAddresses = false
    }

    /// What a plain ClusterIP or NodePort Service does not set; decoded from the same JSON object.
    private struct Rare: Codable, Sendable, Equatable, EmptyInitializable {
        @OmitEmpty var externalIPs: [String] = []
        @OmitEmpty var externalName: String? = nil
        @OmitEmpty var trafficDistribution: String? = nil
        @OmitEmpty var healthCheckNodePort: Int? = nil
        @OmitEmpty var loadBalancerIP: String? = nil
        @OmitEmpty var loadBalancerClass: String? = nil
        @OmitEmpty var loadBalancerSourceRanges: [String] = []
        @OmitEmpty var allocateLoadBalancerNodePorts: Bool? = nil
        @OmitEmpty var sessionAffinityConfig: SessionAffinityConfig? = nil
    }
}

extension ServiceSpec {
    package var externalIPs: [String] {
        get { rare.value { $0.externalIPs } ?? [] }
        set { rare.fields.externalIPs = newValue }
    }

    package var externalName: String? {
        get { rare.value { $0.externalName } }
        set { rare.fields.externalName = newValue }
    }

    package var trafficDistribution: String? {
        get { rare.value { $0.trafficDistribution } }
        set { rare.fields.trafficDistribution = newValue }
    }

    package var healthCheckNodePort: Int? {
        get { rare.value { $0.healthCheckNodePort } }
        set { rare.fields.healthCheckNodePort = newValue }
    }

    package var loadBalancerIP: String? {
        get { rare.value { $0.loadBalancerIP } }
        set { rare.fields.loadBalancerIP = newValue }
    }

    package var loadBalancerClass: String? {
        get { rare.value { $0.loadBalancerClass } }
        set { rare.fields.loadBalancerClass = newValue }
    }

    package var loadBalancerSourceRanges: [String] {
        get { rare.value { $0.loadBalancerSourceRanges } ?? [] }
        set { rare.fields.loadBalancerSourceRanges = newValue }
    }

    package var allocateLoadBalancerNodePorts: Bool? {
        get { rare.value { $0.allocateLoadBalancerNodePorts } }
        set { rare.fields.allocateLoadBalancerNodePorts = newValue }
    }

    package var sessionAffinityConfig: SessionAffinityConfig? {
        get { rare.value { $0.sessionAffinityConfig } }
        set { rare.fields.sessionAffinityConfig = newValue }
    }
}

extension ServiceSpec {
    private enum CodingKeys: CodingKey {
        case type, selector, clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ports
        case externalTrafficPolicy, internalTrafficPolicy, sessionAffinity, publishNotReadyAddresses
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        type = try fields.value(.type) ?? "ClusterIP"
        selector = try fields.value(.selector)
        clusterIP = try fields.value(.clusterIP)
        clusterIPs = try fields.value(.clusterIPs)
        ipFamilies = try fields.value(.ipFamilies)
        ipFamilyPolicy = try fields.value(.ipFamilyPolicy)
        ports = try fields.value(.ports)
        externalTrafficPolicy = try fields.value(.externalTrafficPolicy)
        internalTrafficPolicy = try fields.value(.internalTrafficPolicy)
        sessionAffinity = try fields.value(.sessionAffinity)
        publishNotReadyAddresses = try fields.value(.publishNotReadyAddresses)
        rare.fields = try Rare(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(type, forKey: .type)
        try fields.encodeUnlessZero(selector, forKey: .selector)
        try fields.encodeUnlessZero(clusterIP, forKey: .clusterIP)
        try fields.encodeUnlessZero(clusterIPs, forKey: .clusterIPs)
        try fields.encodeUnlessZero(ipFamilies, forKey: .ipFamilies)
        try fields.encodeUnlessZero(ipFamilyPolicy, forKey: .ipFamilyPolicy)
        try fields.encodeUnlessZero(ports, forKey: .ports)
        try fields.encodeUnlessZero(externalTrafficPolicy, forKey: .externalTrafficPolicy)
        try fields.encodeUnlessZero(internalTrafficPolicy, forKey: .internalTrafficPolicy)
        try fields.encodeUnlessZero(sessionAffinity, forKey: .sessionAffinity)
        try fields.encodeUnlessZero(publishNotReadyAddresses, forKey: .publishNotReadyAddresses)
        try rare.fields.encode(to: encoder)
    }

    /// Whether the Service chooses Pods with these labels. A Service without a selector chooses none.
    package func selects(_ labels: [String: String]) -> Bool {
        !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
    }
}

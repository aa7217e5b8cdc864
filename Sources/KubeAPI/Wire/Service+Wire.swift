extension Service: WireObject {
    private enum Field: String, CaseIterable { case apiVersion, kind, metadata, spec, status }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        _ = reader.start()
        let start = reader.offset
        var metadata: ObjectMeta?
        var spec: ServiceSpec?
        var status: ServiceStatus?
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .apiVersion: try reader.expect(Self.resource.apiVersion)
            case .kind: try reader.expect(Self.resource.kind)
            case .metadata: metadata = try reader.valueOrNil()
            case .spec: spec = try reader.valueOrNil()
            case .status: status = try reader.valueOrNil()
            }
        }
        guard let metadata else { throw .missing(in: start, field: "metadata") }
        guard let spec else { throw .missing(in: start, field: "spec") }
        self.init(metadata: metadata, spec: spec)
        self.status = status
    }
}

extension ServiceSpec: JSONReadable {
    private enum Field: String, CaseIterable {
        case type, clusterIP, clusterIPs, ports, externalTrafficPolicy, internalTrafficPolicy, sessionAffinity
        case sessionAffinityConfig, externalIPs, healthCheckNodePort, loadBalancerSourceRanges
    }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .type: type = try reader.textOrNil() ?? "ClusterIP"
            case .clusterIP: clusterIP = try reader.textOrNil() ?? ""
            case .clusterIPs: clusterIPs = try reader.texts()
            case .ports: ports = try reader.values()
            case .externalTrafficPolicy: externalTrafficPolicy = try reader.textOrNil()
            case .internalTrafficPolicy: internalTrafficPolicy = try reader.textOrNil()
            case .sessionAffinity: sessionAffinity = try reader.textOrNil()
            case .sessionAffinityConfig:
                sessionAffinityConfig = try reader.valueOrNil()
            case .externalIPs: externalIPs = try reader.texts()
            case .healthCheckNodePort: healthCheckNodePort = try reader.integerOrNil()
            case .loadBalancerSourceRanges: loadBalancerSourceRanges = try reader.texts()
            }
        }
    }
}

extension ServicePortSpec: JSONReadable {
    private enum Field: String, CaseIterable { case name, `protocol`, port, nodePort }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        _ = reader.start()
        let start = reader.offset
        var number: Int?
        self.init(port: 0)
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .name: name = try reader.textOrNil() ?? ""
            case .protocol: self.protocol = try reader.textOrNil() ?? "TCP"
            case .port: number = try reader.integerOrNil()
            case .nodePort: nodePort = try reader.integerOrNil() ?? 0
            }
        }
        guard let number else { throw .missing(in: start, field: "port") }
        port = number
    }
}

extension SessionAffinityConfig: JSONReadable {
    private enum Field: String, CaseIterable { case clientIP }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while try reader.nextField(Self.names) != nil {
            clientIP = try reader.valueOrNil()
        }
    }
}

extension SessionAffinityConfig.ClientIP: JSONReadable {
    private enum Field: String, CaseIterable { case timeoutSeconds }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while try reader.nextField(Self.names) != nil { timeoutSeconds = try reader.integerOrNil() }
    }
}

extension ServiceStatus: JSONReadable {
    private enum Field: String, CaseIterable { case loadBalancer }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while try reader.nextField(Self.names) != nil {
            loadBalancer = try reader.valueOrNil()
        }
    }
}

extension LoadBalancerStatus: JSONReadable {
    private enum Field: String, CaseIterable { case ingress }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while try reader.nextField(Self.names) != nil { ingress = try reader.values() }
    }
}

extension LoadBalancerStatus.Ingress: JSONReadable {
    private enum Field: String, CaseIterable { case ip, hostname, ipMode }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .ip: ip = try reader.textOrNil()
            case .hostname: hostname = try reader.textOrNil()
            case .ipMode: ipMode = try reader.textOrNil()
            }
        }
    }
}

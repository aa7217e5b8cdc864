extension EndpointSlice: WireObject {
    private enum Field: String, CaseIterable { case apiVersion, kind, metadata, addressType, endpoints, ports }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        _ = reader.start()
        let start = reader.offset
        var metadata: ObjectMeta?
        var addressType: String?
        var endpoints: [EndpointSpec] = []
        var ports: [EndpointPort] = []
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .apiVersion: try reader.expect(Self.resource.apiVersion)
            case .kind: try reader.expect(Self.resource.kind)
            case .metadata: metadata = try reader.valueOrNil()
            case .addressType: addressType = try reader.textOrNil()
            case .endpoints: endpoints = try reader.values()
            case .ports: ports = try reader.values()
            }
        }
        guard let metadata else { throw .missing(in: start, field: "metadata") }
        guard let addressType else { throw .missing(in: start, field: "addressType") }
        self.init(metadata: metadata, addressType: addressType, endpoints: endpoints, ports: ports)
    }
}

extension EndpointSpec: JSONReadable {
    private enum Field: String, CaseIterable { case addresses, conditions, nodeName, zone, hints }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(addresses: [])
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .addresses: addresses = try reader.texts()
            case .conditions:
                conditions = try reader.valueOrNil() ?? EndpointConditions()
            case .nodeName: nodeName = try reader.textOrNil()
            case .zone: zone = try reader.textOrNil()
            case .hints: hints = try reader.valueOrNil()
            }
        }
    }
}

extension EndpointConditions: JSONReadable {
    private enum Field: String, CaseIterable { case ready, serving, terminating }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .ready: ready = try reader.flagOrNil()
            case .serving: serving = try reader.flagOrNil()
            case .terminating: terminating = try reader.flagOrNil()
            }
        }
    }
}

extension EndpointHints: JSONReadable {
    private enum Field: String, CaseIterable { case forZones, forNodes }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .forZones: forZones = try reader.skipNull() ? nil : reader.values()
            case .forNodes: forNodes = try reader.skipNull() ? nil : reader.values()
            }
        }
    }
}

extension EndpointHints.Name: JSONReadable {
    private enum Field: String, CaseIterable { case name }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(name: "")
        try reader.openObject()
        while try reader.nextField(Self.names) != nil { name = try reader.textOrNil() ?? "" }
    }
}

extension EndpointPort: JSONReadable {
    private enum Field: String, CaseIterable { case name, `protocol`, port }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(name: nil, protocol: nil, port: nil)
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .name: name = try reader.textOrNil()
            case .protocol: self.protocol = try reader.textOrNil()
            case .port: port = try reader.integerOrNil()
            }
        }
    }
}

extension Node: WireObject {
    private enum Field: String, CaseIterable { case apiVersion, kind, metadata, spec, status }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        _ = reader.start()
        let start = reader.offset
        var metadata: ObjectMeta?
        var spec = NodeSpec()
        var status = NodeStatus()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .apiVersion: try reader.expect(Self.resource.apiVersion)
            case .kind: try reader.expect(Self.resource.kind)
            case .metadata: metadata = try reader.valueOrNil()
            case .spec: spec = try reader.valueOrNil() ?? NodeSpec()
            case .status: status = try reader.valueOrNil() ?? NodeStatus()
            }
        }
        guard let metadata else { throw .missing(in: start, field: "metadata") }
        self.init(metadata: metadata, spec: spec, status: status)
    }
}

extension NodeSpec: JSONReadable {
    private enum Field: String, CaseIterable { case podCIDR, podCIDRs, taints }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .podCIDR: podCIDR = try reader.textOrNil()
            case .podCIDRs: podCIDRs = try reader.texts()
            case .taints: taints = try reader.values()
            }
        }
    }
}

extension NodeSpec.Taint: JSONReadable {
    private enum Field: String, CaseIterable { case key, value, effect }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(key: "", effect: "")
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .key: key = try reader.textOrNil() ?? ""
            case .value: value = try reader.textOrNil()
            case .effect: effect = try reader.textOrNil() ?? ""
            }
        }
    }
}

extension NodeStatus: JSONReadable {
    private enum Field: String, CaseIterable { case addresses }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while try reader.nextField(Self.names) != nil { addresses = try reader.values() }
    }
}

extension NodeStatus.Address: JSONReadable {
    private enum Field: String, CaseIterable { case type, address }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(type: "", address: "")
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .type: type = try reader.textOrNil() ?? ""
            case .address: address = try reader.textOrNil() ?? ""
            }
        }
    }
}

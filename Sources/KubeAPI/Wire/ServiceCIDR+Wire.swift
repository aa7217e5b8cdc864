extension ServiceCIDR: WireObject {
    private enum Field: String, CaseIterable { case apiVersion, kind, metadata, spec }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        _ = reader.start()
        let start = reader.offset
        var metadata: ObjectMeta?
        var spec = Spec(cidrs: [])
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .apiVersion: try reader.expect(Self.resource.apiVersion)
            case .kind: try reader.expect(Self.resource.kind)
            case .metadata: metadata = try reader.valueOrNil()
            case .spec: spec = try reader.valueOrNil() ?? Spec(cidrs: [])
            }
        }
        guard let metadata else { throw .missing(in: start, field: "metadata") }
        self.init(metadata: metadata, cidrs: spec.cidrs)
    }
}

extension ServiceCIDR.Spec: JSONReadable {
    private enum Field: String, CaseIterable { case cidrs }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(cidrs: [])
        try reader.openObject()
        while try reader.nextField(Self.names) != nil { cidrs = try reader.texts() }
    }
}

extension ObjectMeta: JSONReadable {
    private enum Field: String, CaseIterable {
        case name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, labels, annotations
    }
    private static let names = FieldNames<Field>()

    /// Reads `metadata`: what `WireObject` tells.
    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init(name: "")
        _ = reader.start()
        let start = reader.offset
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .name: name = try reader.textOrNil() ?? ""
            case .namespace: namespace = try reader.textOrNil() ?? ""
            case .uid: uid = try reader.textOrNil()
            case .resourceVersion: resourceVersion = try reader.textOrNil()
            case .creationTimestamp: creationTimestamp = try reader.timeOrNil()
            case .deletionTimestamp: deletionTimestamp = try reader.timeOrNil()
            case .labels: labels = try reader.textsByKey()
            case .annotations: annotations = try Self.annotations(&reader)
            }
        }
        if name.isEmpty { throw .missing(in: start, field: "name") }
    }

    private static func annotations(_ reader: inout JSONReader) throws(JSONFault) -> [String: String] {
        if try reader.skipNull() { return [:] }
        var annotations: [String: String] = [:]
        try reader.openObject()
        while try reader.nextMember() {
            guard try reader.skipKey(equals: EndpointSlice.triggerTimeAnnotation) else {
                try reader.skip()
                continue
            }
            annotations[EndpointSlice.triggerTimeAnnotation] = try reader.textOrNil() ?? ""
        }
        return annotations
    }
}

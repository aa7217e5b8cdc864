/// What of an object's metadata can be told even where the rest of the object is wrong: enough to name it, to know that
/// it has gone, and what a bookmark says.
struct WireHeader: Sendable, Equatable {
    private(set) var namespace = ""
    private(set) var name = ""
    private(set) var resourceVersion = ""
    /// The annotation of the bookmark that ends an initial list (`k8s.io/initial-events-end`, KEP-3157).
    private(set) var endsInitialList = false

    private enum Field: String, CaseIterable { case metadata }
    private static let names = FieldNames<Field>()

    private enum MetadataField: String, CaseIterable { case name, namespace, resourceVersion, annotations }
    private static let metadataNames = FieldNames<MetadataField>()

    /// Reads all of the text. What has another type than it should is empty.
    ///
    /// - Throws: `DecodeError.malformed` for text that is not JSON.
    init(_ text: Span<UInt8>) throws(DecodeError) {
        var reader = JSONReader(text)
        do throws(JSONFault) {
            guard reader.start() == .openBrace else {
                try reader.skip()
                try reader.finish()
                return
            }
            try reader.openObject()
            while try reader.nextField(Self.names) != nil { try readMetadata(&reader) }
            try reader.finish()
        } catch {
            throw .malformed
        }
    }

    /// Nil where the object does not even have a name.
    var objectName: ObjectName? { name.isEmpty ? nil : ObjectName(namespace: namespace, name: name) }

    private mutating func readMetadata(_ reader: inout JSONReader) throws(JSONFault) {
        guard reader.start() == .openBrace else { return try reader.skip() }
        try reader.openObject()
        while let field = try reader.nextField(Self.metadataNames) {
            switch field {
            case .name: name = try Self.text(&reader)
            case .namespace: namespace = try Self.text(&reader)
            case .resourceVersion: resourceVersion = try Self.text(&reader)
            case .annotations: try readAnnotations(&reader)
            }
        }
    }

    private mutating func readAnnotations(_ reader: inout JSONReader) throws(JSONFault) {
        guard reader.start() == .openBrace else { return try reader.skip() }
        try reader.openObject()
        while try reader.nextMember() {
            let key = try Self.text(&reader)
            try reader.skipColon()
            let value = try Self.text(&reader)
            if key == "k8s.io/initial-events-end" { endsInitialList = value == "true" }
        }
    }

    /// The next value, empty where it is no text.
    private static func text(_ reader: inout JSONReader) throws(JSONFault) -> String {
        guard reader.start() == .quote else {
            try reader.skip()
            return ""
        }
        do throws(JSONFault) {
            return try reader.text()
        } catch {
            // Text that is not Unicode has been skipped.
            if case .problem = error { return "" }
            throw error
        }
    }
}

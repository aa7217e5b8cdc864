/// `metadata` of a list (meta/v1 `ListMeta`).
package struct ListMetadata: Sendable, Equatable {
    package var resourceVersion = ""
    /// What asks for the next page; empty on the last one.
    package var continueToken = ""
    package var remainingItemCount: Int?

    package init() {}
}

extension ListMetadata: JSONReadable {
    private enum Field: String, CaseIterable { case resourceVersion, `continue`, remainingItemCount }
    private static let names = FieldNames<Field>()

    package init(from reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.openObject()
        while let field = try reader.nextField(Self.names) {
            switch field {
            case .resourceVersion: resourceVersion = try reader.textOrNil() ?? ""
            case .continue: continueToken = try reader.textOrNil() ?? ""
            case .remainingItemCount: remainingItemCount = try reader.integerOrNil()
            }
        }
    }
}

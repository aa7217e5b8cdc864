/// What some values of `detectLocalMode` need (`DetectLocalConfiguration`).
package struct DetectLocalSection: Sendable, Equatable {
    package var bridgeInterface = ""
    package var interfaceNamePrefix = ""

    package init() {}
}

extension DetectLocalSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("bridgeInterface", &bridgeInterface)
        fields.field("interfaceNamePrefix", &interfaceNamePrefix)
    }
}

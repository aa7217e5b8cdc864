/// Settings of the iptables mode (`KubeProxyIPTablesConfiguration`).
package struct IPTablesSection: Sendable, Equatable {
    package var masqueradeBit: Int32?
    package var masqueradeAll = false
    package var localhostNodePorts: Bool?
    package var syncPeriod = GoDuration.zero
    /// Zero where it is not set: see `NFTablesSection.minSyncPeriod`.
    package var minSyncPeriod = GoDuration.zero

    package init() {}
}

extension IPTablesSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("masqueradeBit", &masqueradeBit)
        fields.field("masqueradeAll", &masqueradeAll)
        fields.field("localhostNodePorts", &localhostNodePorts)
        fields.field("syncPeriod", &syncPeriod)
        fields.field("minSyncPeriod", &minSyncPeriod)
    }
}

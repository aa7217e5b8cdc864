/// Settings of the nftables mode (`KubeProxyNFTablesConfiguration`).
package struct NFTablesSection: Sendable, Equatable {
    /// The bit of the packet mark that asks for masquerade, 0…31.
    package var masqueradeBit: Int32?
    package var masqueradeAll = false
    /// Half the time after which a change that is not in the kernel makes `/healthz` fail.
    package var syncPeriod = GoDuration.zero
    /// The least time between two commits; zero where the user set none.
    ///
    /// Upstream makes zero one second, for what a sync costs it. Fairlead's costs what has changed, so zero stays zero.
    package var minSyncPeriod = GoDuration.zero

    package init() {}
}

extension NFTablesSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("masqueradeBit", &masqueradeBit)
        fields.field("masqueradeAll", &masqueradeAll)
        fields.field("syncPeriod", &syncPeriod)
        fields.field("minSyncPeriod", &minSyncPeriod)
    }
}

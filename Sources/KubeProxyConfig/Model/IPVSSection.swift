/// Settings of the ipvs mode (`KubeProxyIPVSConfiguration`).
package struct IPVSSection: Sendable, Equatable {
    package var syncPeriod = GoDuration.zero
    package var minSyncPeriod = GoDuration.zero
    package var scheduler = ""
    package var excludeCIDRs: [String] = []
    package var strictARP = false
    package var tcpTimeout = GoDuration.zero
    package var tcpFinTimeout = GoDuration.zero
    package var udpTimeout = GoDuration.zero

    package init() {}
}

extension IPVSSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("syncPeriod", &syncPeriod)
        fields.field("minSyncPeriod", &minSyncPeriod)
        fields.field("scheduler", &scheduler)
        fields.field("excludeCIDRs", &excludeCIDRs)
        fields.field("strictARP", &strictARP)
        fields.field("tcpTimeout", &tcpTimeout)
        fields.field("tcpFinTimeout", &tcpFinTimeout)
        fields.field("udpTimeout", &udpTimeout)
    }
}

/// What is set of the kernel's connection tracking (`KubeProxyConntrackConfiguration`).
package struct ConntrackSection: Sendable, Equatable {
    /// Connections to track for each CPU; 0 to leave the limit alone, and `min`.
    package var maxPerCore: Int32?
    /// The least limit, whatever the number of CPUs.
    package var min: Int32?
    /// 0 leaves the kernel's, as with the others.
    package var tcpEstablishedTimeout: GoDuration?
    package var tcpCloseWaitTimeout: GoDuration?
    package var tcpBeLiberal = false
    package var udpTimeout = GoDuration.zero
    package var udpStreamTimeout = GoDuration.zero

    package init() {}
}

extension ConntrackSection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("maxPerCore", &maxPerCore)
        fields.field("min", &min)
        fields.field("tcpEstablishedTimeout", &tcpEstablishedTimeout)
        fields.field("tcpCloseWaitTimeout", &tcpCloseWaitTimeout)
        fields.field("tcpBeLiberal", &tcpBeLiberal)
        fields.field("udpTimeout", &udpTimeout)
        fields.field("udpStreamTimeout", &udpStreamTimeout)
    }
}

extension KubeProxyConfiguration {
    /// Decides what upstream decides on Linux after flags and file are read (cmd/kube-proxy/app/server_linux.go
    /// `platformApplyDefaults`), and drops what upstream's conversion drops: the periods of modes that are not in use.
    mutating func complete(_ findings: inout Findings) {
        if mode.isEmpty {
            mode = "nftables"
            takeOverIPTables()
            findings.note(
                "mode",
                """
                is empty: Fairlead runs as 'nftables', where kube-proxy would choose 'iptables'. What 'iptables' has of \
                the same settings counts; NodePorts are not answered on 127.0.0.1
                """)
        }
        if mode == "nftables" && nodePortAddresses.isEmpty { nodePortAddresses = ["primary"] }
        if detectLocalMode.isEmpty { detectLocalMode = "ClusterCIDR" }
    }

    /// To kube-proxy an empty mode is iptables, so its section is what the user has set; where `nftables` says something
    /// itself, that counts.
    private mutating func takeOverIPTables() {
        if nftables.masqueradeBit == Self.masqueradeBit { nftables.masqueradeBit = iptables.masqueradeBit }
        if nftables.syncPeriod == Self.syncPeriod { nftables.syncPeriod = iptables.syncPeriod }
        // One second is what kube-proxy itself writes where nothing is set.
        if nftables.minSyncPeriod == .zero && iptables.minSyncPeriod != .seconds(1) {
            nftables.minSyncPeriod = iptables.minSyncPeriod
        }
        nftables.masqueradeAll = nftables.masqueradeAll || iptables.masqueradeAll
        iptables = IPTablesSection()
        iptables.masqueradeBit = Self.masqueradeBit
        iptables.localhostNodePorts = true
        iptables.syncPeriod = Self.syncPeriod
    }
}

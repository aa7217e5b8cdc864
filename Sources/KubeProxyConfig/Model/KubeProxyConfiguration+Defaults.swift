import Net

extension KubeProxyConfiguration {
    /// The port of `/healthz` (k8s pkg/cluster/ports).
    package static let healthzPort: Int32 = 10256
    /// The port of `/metrics`.
    package static let metricsPort: Int32 = 10249

    /// Gives every field that is zero upstream's default (pkg/proxy/apis/config/v1alpha1/defaults.go).
    mutating func applyDefaults() {
        if bindAddress.isEmpty { bindAddress = "0.0.0.0" }
        let isIPv4 = IPAddress(sloppy: bindAddress)?.family == .ipv4
        healthzBindAddress =
            healthzBindAddress.isEmpty
            ? (isIPv4 ? "0.0.0.0" : "[::]") + ":\(Self.healthzPort)"
            : BindAddress.appendingPort(Self.healthzPort, to: healthzBindAddress)
        metricsBindAddress =
            metricsBindAddress.isEmpty
            ? (isIPv4 ? "127.0.0.1" : "[::1]") + ":\(Self.metricsPort)"
            : BindAddress.appendingPort(Self.metricsPort, to: metricsBindAddress)
        oomScoreAdj = oomScoreAdj ?? -999
        iptables.applyDefaults()
        ipvs.syncPeriod = ipvs.syncPeriod.unlessZero(or: Self.syncPeriod)
        nftables.syncPeriod = nftables.syncPeriod.unlessZero(or: Self.syncPeriod)
        nftables.masqueradeBit = nftables.masqueradeBit ?? Self.masqueradeBit
        conntrack.applyDefaults()
        configSyncPeriod = configSyncPeriod.unlessZero(or: .seconds(15 * 60))
        clientConnection.applyDefaults()
        if logging.format.isEmpty { logging.format = "text" }
        logging.flushFrequency.duration = logging.flushFrequency.duration.unlessZero(or: .seconds(5))
    }

    static let syncPeriod = GoDuration.seconds(30)
    static let masqueradeBit: Int32 = 14
}

extension IPTablesSection {
    fileprivate mutating func applyDefaults() {
        syncPeriod = syncPeriod.unlessZero(or: KubeProxyConfiguration.syncPeriod)
        masqueradeBit = masqueradeBit ?? KubeProxyConfiguration.masqueradeBit
        localhostNodePorts = localhostNodePorts ?? true
    }
}

extension ConntrackSection {
    fileprivate mutating func applyDefaults() {
        maxPerCore = maxPerCore ?? 32 * 1024
        min = min ?? 128 * 1024
        tcpEstablishedTimeout = tcpEstablishedTimeout ?? .seconds(24 * 3600)
        // As long as servers wait on their half of a connection: github.com/kubernetes/kubernetes/issues/32551.
        tcpCloseWaitTimeout = tcpCloseWaitTimeout ?? .seconds(3600)
    }
}

extension ClientConnection {
    fileprivate mutating func applyDefaults() {
        if contentType.isEmpty { contentType = "application/vnd.kubernetes.protobuf" }
        if qps == 0 { qps = 5 }
        if burst == 0 { burst = 10 }
    }
}

extension GoDuration {
    fileprivate func unlessZero(or other: GoDuration) -> GoDuration { self == .zero ? other : self }
}

import KubeAPI

/// kube-proxy's configuration: kubeproxy.config.k8s.io/v1alpha1 `KubeProxyConfiguration` of Kubernetes 1.36, every field
/// (k8s.io/kube-proxy/config/v1alpha1/types.go), with upstream's defaults but for `minSyncPeriod`.
package struct KubeProxyConfiguration: Sendable, Equatable {
    package static let apiVersion = "kubeproxy.config.k8s.io/v1alpha1"
    package static let kind = "KubeProxyConfiguration"

    package var featureGates: [String: Bool] = [:]
    package var clientConnection = ClientConnection()
    package var logging = LoggingConfiguration()
    /// The Node's name in place of the host's.
    package var hostnameOverride = ""
    /// The node's primary address; unspecified (`0.0.0.0`, `::`) for that of the Node object. Nothing is bound to it.
    package var bindAddress = ""
    /// Address and port of `/healthz`; empty after `applyDefaults` for off.
    package var healthzBindAddress = ""
    /// Address and port of `/metrics`; empty after `applyDefaults` for off.
    package var metricsBindAddress = ""
    /// Whether it ends the process when one of the two cannot be bound.
    package var bindAddressHardFail = false
    package var enableProfiling = false
    package var showHiddenMetricsForVersion = ""
    /// `nftables`, `iptables`, `ipvs`; empty for the best.
    package var mode = ""
    package var iptables = IPTablesSection()
    package var ipvs = IPVSSection()
    package var nftables = NFTablesSection()
    package var winkernel = WinkernelSection()
    /// How connections of pods are known; empty for `ClusterCIDR`.
    package var detectLocalMode = ""
    package var detectLocal = DetectLocalSection()
    /// Networks of pods, with a comma between those of two families.
    package var clusterCIDR = ""
    /// `primary`, or networks in CIDR notation.
    package var nodePortAddresses: [String] = []
    /// −1000…1000.
    package var oomScoreAdj: Int32?
    package var conntrack = ConntrackSection()
    /// How often upstream reads everything anew.
    package var configSyncPeriod = GoDuration.zero
    /// Of the userspace mode, which is long gone; ignored by upstream, too.
    package var portRange = ""
    package var windowsRunAsService = false

    private init(zero: Void) {}

    /// What a file that says nothing means, as upstream's `SetDefaults_KubeProxyConfiguration` has it.
    package init() {
        self.init(zero: ())
        applyDefaults()
    }

    /// Reads the fields of a file; what it leaves out is zero, until `applyDefaults`.
    static func read(_ fields: inout FieldExchange) -> KubeProxyConfiguration {
        var configuration = KubeProxyConfiguration(zero: ())
        fields.skip("apiVersion")
        fields.skip("kind")
        configuration.exchange(&fields)
        fields.finish()
        return configuration
    }

    /// The configuration as upstream's v1alpha1 serialises it: what `--write-config-to` writes (`.yaml`).
    package var document: ConfigurationValue {
        var copy = self
        var fields = FieldExchange()
        copy.exchange(&fields)
        var target = fields.target
        target["apiVersion"] = .string(Self.apiVersion)
        target["kind"] = .string(Self.kind)
        return .object(target)
    }

    /// What `/configz` answers: the document under the group's name (k8s.io/component-base/configz).
    package var configz: ConfigurationValue { .object(["kubeproxy.config.k8s.io": document]) }
}

extension KubeProxyConfiguration: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("featureGates", &featureGates, isWritten: !featureGates.isEmpty)
        fields.section("clientConnection", &clientConnection)
        fields.section("logging", &logging)
        fields.field("hostnameOverride", &hostnameOverride)
        fields.field("bindAddress", &bindAddress)
        fields.field("healthzBindAddress", &healthzBindAddress)
        fields.field("metricsBindAddress", &metricsBindAddress)
        fields.field("bindAddressHardFail", &bindAddressHardFail)
        fields.field("enableProfiling", &enableProfiling)
        fields.field("showHiddenMetricsForVersion", &showHiddenMetricsForVersion)
        fields.field("mode", &mode)
        fields.section("iptables", &iptables)
        fields.section("ipvs", &ipvs)
        fields.section("nftables", &nftables)
        fields.section("winkernel", &winkernel)
        fields.field("detectLocalMode", &detectLocalMode)
        fields.section("detectLocal", &detectLocal)
        fields.field("clusterCIDR", &clusterCIDR)
        fields.field("nodePortAddresses", &nodePortAddresses)
        fields.field("oomScoreAdj", &oomScoreAdj)
        fields.section("conntrack", &conntrack)
        fields.field("configSyncPeriod", &configSyncPeriod)
        fields.field("portRange", &portRange)
        fields.field("windowsRunAsService", &windowsRunAsService, isWritten: windowsRunAsService)
    }
}

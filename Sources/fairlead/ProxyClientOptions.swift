import ArgumentParser
import KubeProxyConfig

/// How the API server is spoken to, and what is served. Ignored with `--config`.
struct ProxyClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A kubeconfig file. (default: the service account of the Pod)", valueName: "file"))
    var kubeconfig: String?

    @Option(
        name: .customLong("kube-api-content-type"),
        help: ArgumentHelp("The content type of requests to the API server.", valueName: "type"))
    var kubeAPIContentType: String?

    @Option(
        name: .customLong("kube-api-qps"),
        help: ArgumentHelp("Requests a second to the API server. (default: 5)", valueName: "number"))
    var kubeAPIQPS: Double?

    @Option(
        name: .customLong("kube-api-burst"),
        help: ArgumentHelp("Requests at once to the API server. (default: 10)", valueName: "number"))
    var kubeAPIBurst: Int32?

    @Option(
        help: ArgumentHelp(
            "The node's primary address. (default: that of the Node object)",
            discussion: "The name is a historical one: nothing is bound to it.", valueName: "address"))
    var bindAddress: AddressText?

    @Option(
        help: ArgumentHelp(
            "End when the address of --healthz-bind-address or --metrics-bind-address cannot be bound.",
            valueName: "bool"))
    var bindAddressHardFail: GoBoolean?

    @Option(
        help: ArgumentHelp(
            "Where /healthz is served; empty for nowhere. (default: 0.0.0.0:10256)", valueName: "address[:port]"))
    var healthzBindAddress: ServingAddress?

    @Option(
        help: ArgumentHelp(
            "Where /metrics is served; empty for nowhere. (default: 127.0.0.1:10249)", valueName: "address[:port]"))
    var metricsBindAddress: ServingAddress?

    @Option(
        help: ArgumentHelp(
            "Deprecated: the port of --healthz-bind-address; 0 for nowhere.", valueName: "port"))
    var healthzPort: Int32?

    @Option(
        help: ArgumentHelp(
            "Deprecated: the port of --metrics-bind-address; 0 for nowhere.", valueName: "port"))
    var metricsPort: Int32?

    @Option(help: ArgumentHelp("Accepted; there is no /debug/pprof.", valueName: "bool"))
    var profiling: GoBoolean?

    @Option(
        help: ArgumentHelp("Accepted; no metrics are hidden.", valueName: "major.minor"))
    var showHiddenMetricsForVersion: String?

    @Option(
        help: ArgumentHelp(
            "Feature gates of kube-proxy, as in 'A=true,B=false'; those that mean nothing here are named in a warning.",
            valueName: "gates"))
    var featureGates: [GateList] = []

    @Option(
        help: ArgumentHelp("Accepted; a watch that goes on needs nothing read anew.", valueName: "duration"))
    var configSyncPeriod: GoDuration?

    func apply(to flags: inout ProxyFlags) {
        flags.take("kubeconfig", kubeconfig) { $0.clientConnection.kubeconfig = $1 }
        flags.take("kube-api-content-type", kubeAPIContentType) { $0.clientConnection.contentType = $1 }
        flags.take("kube-api-qps", kubeAPIQPS) { $0.clientConnection.qps = $1 }
        flags.take("kube-api-burst", kubeAPIBurst) { $0.clientConnection.burst = $1 }
        flags.take("bind-address", bindAddress) { if !$1.text.isEmpty { $0.bindAddress = $1.text } }
        flags.take("bind-address-hard-fail", bindAddressHardFail) { $0.bindAddressHardFail = $1.value }
        flags.take("healthz-bind-address", healthzBindAddress) { $0.healthzBindAddress = $1.text }
        flags.take("metrics-bind-address", metricsBindAddress) { $0.metricsBindAddress = $1.text }
        flags.take("healthz-port", healthzPort) { $0.healthzBindAddress = $0.healthzBindAddress.withDeprecatedPort($1) }
        flags.take("metrics-port", metricsPort) { $0.metricsBindAddress = $0.metricsBindAddress.withDeprecatedPort($1) }
        flags.configuration.appendPorts()
        flags.take("profiling", profiling) { $0.enableProfiling = $1.value }
        flags.take("show-hidden-metrics-for-version", showHiddenMetricsForVersion) {
            $0.showHiddenMetricsForVersion = $1
        }
        flags.take("feature-gates", featureGates) { configuration, lists in
            for list in lists { configuration.featureGates.merge(list.gates) { $1 } }
        }
        flags.take("config-sync-period", configSyncPeriod) { $0.configSyncPeriod = $1 }
    }
}

extension String {
    /// Port 0 is for nowhere; another one counts where the address has none (cmd/kube-proxy/app/options.go
    /// `addressFromDeprecatedFlags`).
    fileprivate func withDeprecatedPort(_ port: Int32) -> String {
        port == 0 ? "" : BindAddress.appendingPort(port, to: self)
    }
}

extension KubeProxyConfiguration {
    fileprivate mutating func appendPorts() {
        healthzBindAddress = BindAddress.appendingPort(Self.healthzPort, to: healthzBindAddress)
        metricsBindAddress = BindAddress.appendingPort(Self.metricsPort, to: metricsBindAddress)
    }
}

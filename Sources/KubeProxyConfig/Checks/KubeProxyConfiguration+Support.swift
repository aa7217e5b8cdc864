import KubeAPI

extension KubeProxyConfiguration {
    /// Finds what the configuration asks for and does not get: refused where the node would not behave as it was told to,
    /// else warned about. What is zero or a default asks for nothing, so that the file of kubeadm is silent.
    func checkSupport(_ findings: inout Findings) {
        checkMode(&findings)
        checkWindows(&findings)
        FeatureGate.check(featureGates, &findings)
        if mode == "nftables" {
            warnOfIPVS(&findings)
            warnOfIPTables(&findings)
        }
        warnOfLogging(&findings)
        if enableProfiling { findings.warn("enableProfiling", "has no effect: there is no /debug/pprof") }
        if configSyncPeriod != .seconds(15 * 60) {
            findings.warn("configSyncPeriod", "has no effect: a watch that goes on needs nothing read anew")
        }
    }

    private func checkMode(_ findings: inout Findings) {
        switch mode {
        case "nftables": break
        case "iptables", "ipvs":
            findings.refuse("mode", "'\(mode)' is not built into Fairlead yet; 'nftables' is")
        case "kernelspace": findings.refuse("mode", "'kernelspace' is for Windows; 'nftables' is built into Fairlead")
        default: findings.refuse("mode", "'\(mode.quotable)' must be 'nftables' or empty")
        }
    }

    private func checkWindows(_ findings: inout Findings) {
        let fields = [
            ("winkernel.networkName", !winkernel.networkName.isEmpty),
            ("winkernel.sourceVip", !winkernel.sourceVip.isEmpty), ("winkernel.enableDSR", winkernel.enableDSR),
            ("winkernel.rootHnsEndpointName", !winkernel.rootHnsEndpointName.isEmpty),
            ("winkernel.forwardHealthCheckVip", winkernel.forwardHealthCheckVip),
            ("windowsRunAsService", windowsRunAsService),
        ]
        for (name, isSet) in fields { findings.require(!isSet, name, "is for Windows, where Fairlead does not run") }
    }

    private func warnOfIPVS(_ findings: inout Findings) {
        let fields = [
            ("syncPeriod", ipvs.syncPeriod != Self.syncPeriod && ipvs.syncPeriod != .zero),
            ("minSyncPeriod", ipvs.minSyncPeriod != .zero), ("scheduler", !ipvs.scheduler.isEmpty),
            ("excludeCIDRs", !ipvs.excludeCIDRs.isEmpty), ("strictARP", ipvs.strictARP),
            ("tcpTimeout", ipvs.tcpTimeout != .zero), ("tcpFinTimeout", ipvs.tcpFinTimeout != .zero),
            ("udpTimeout", ipvs.udpTimeout != .zero),
        ]
        for (name, isSet) in fields where isSet { findings.warn("ipvs.\(name)", Self.otherMode) }
    }

    private func warnOfIPTables(_ findings: inout Findings) {
        let fields = [
            ("masqueradeBit", iptables.masqueradeBit != Self.masqueradeBit), ("masqueradeAll", iptables.masqueradeAll),
            ("syncPeriod", iptables.syncPeriod != Self.syncPeriod && iptables.syncPeriod != .zero),
            // One second is upstream's default, which it also writes.
            ("minSyncPeriod", iptables.minSyncPeriod != .zero && iptables.minSyncPeriod != .seconds(1)),
        ]
        for (name, isSet) in fields where isSet { findings.warn("iptables.\(name)", Self.otherMode) }
    }

    private static let otherMode = "has no effect: the mode is nftables"

    private func warnOfLogging(_ findings: inout Findings) {
        if !logging.vmodule.isEmpty {
            findings.warn("logging.vmodule", "has no effect: verbosity is for all of Fairlead")
        }
        if logging.flushFrequency.duration != .seconds(5) {
            findings.warn("logging.flushFrequency", "has no effect: each line is written at once")
        }
        for (name, options) in [("text", logging.options.text), ("json", logging.options.json)] {
            if options.splitStream {
                findings.warn("logging.options.\(name).splitStream", "has no effect: all lines go to standard error")
            }
            if !options.infoBufferSize.isZero {
                findings.warn("logging.options.\(name).infoBufferSize", "has no effect: each line is written at once")
            }
        }
    }
}

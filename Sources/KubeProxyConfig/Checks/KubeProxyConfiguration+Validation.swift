import KubeAPI
import Net

extension KubeProxyConfiguration {
    /// Upstream's rules (pkg/proxy/apis/config/validation/validation.go), all of them, with the names of the file.
    func validate(_ findings: inout Findings) {
        validateModes(&findings)
        validatePeriods(&findings)
        validateAddresses(&findings)
        validateDetection(&findings)
        validateConntrack(&findings)
        validateLogging(&findings)
        findings.require(clientConnection.burst >= 0, "clientConnection.burst", Self.notNegative)
        findings.require((-1000...1000).contains(oomScoreAdj ?? 0), "oomScoreAdj", "must be within [-1000, 1000]")
        findings.require(
            showHiddenMetricsForVersion.isEmpty || Self.isMinorVersion(showHiddenMetricsForVersion),
            "showHiddenMetricsForVersion", "must be <major>.<minor>, as in '1.35'")
    }

    private static let notNegative = "must be greater than or equal to 0"
    private static let positive = "must be greater than 0"

    private func validateModes(_ findings: inout Findings) {
        for (section, bit) in [("iptables", iptables.masqueradeBit), ("nftables", nftables.masqueradeBit)] {
            findings.require(
                (0...31).contains(bit ?? 0), "\(section).masqueradeBit", "must be within the range [0, 31]")
        }
        guard mode == "ipvs" else { return }
        let timeouts = [
            ("tcpTimeout", ipvs.tcpTimeout), ("tcpFinTimeout", ipvs.tcpFinTimeout), ("udpTimeout", ipvs.udpTimeout),
        ]
        for (name, timeout) in timeouts { findings.require(timeout >= .zero, "ipvs.\(name)", Self.notNegative) }
        for (index, text) in ipvs.excludeCIDRs.enumerated() {
            findings.require(IPPrefix(sloppy: text) != nil, "ipvs.excludeCIDRs[\(index)]", "must be a valid CIDR")
        }
    }

    private func validatePeriods(_ findings: inout Findings) {
        findings.require(configSyncPeriod > .zero, "configSyncPeriod", Self.positive)
        let section = mode == "ipvs" || mode == "iptables" ? mode : "nftables"
        let (sync, minSync) =
            switch section {
            case "ipvs": (ipvs.syncPeriod, ipvs.minSyncPeriod)
            case "iptables": (iptables.syncPeriod, iptables.minSyncPeriod)
            default: (nftables.syncPeriod, nftables.minSyncPeriod)
            }
        findings.require(sync > .zero, "\(section).syncPeriod", Self.positive)
        findings.require(minSync >= .zero, "\(section).minSyncPeriod", Self.notNegative)
        findings.require(
            minSync <= sync, "\(section).syncPeriod", "must be greater than or equal to \(section).minSyncPeriod")
    }

    private func validateAddresses(_ findings: inout Findings) {
        findings.require(
            IPAddress(sloppy: bindAddress) != nil, "bindAddress",
            "'\(bindAddress.quotable)' is not a valid textual representation of an IP address")
        for (name, text) in [("healthzBindAddress", healthzBindAddress), ("metricsBindAddress", metricsBindAddress)] {
            guard !text.isEmpty, case .failure(let problem) = BindAddress.parse(text) else { continue }
            findings.refuse(name, "'\(text.quotable)' \(problem.text)")
        }
        for (index, text) in nodePortAddresses.enumerated() {
            if text == "primary" {
                findings.require(
                    nodePortAddresses.count == 1, "nodePortAddresses[\(index)]", "can't use both 'primary' and CIDRs")
                break
            }
            findings.require(
                IPPrefix(sloppy: text) != nil, "nodePortAddresses[\(index)]", "'\(text.quotable)' must be a valid CIDR")
        }
    }

    private func validateDetection(_ findings: inout Findings) {
        switch detectLocalMode {
        case "", "NodeCIDR": break
        case "ClusterCIDR": validateClusterCIDR(&findings)
        case "BridgeInterface":
            Self.validate(detectLocal.bridgeInterface, "detectLocal.bridgeInterface", &findings)
        case "InterfaceNamePrefix":
            Self.validate(detectLocal.interfaceNamePrefix, "detectLocal.interfaceNamePrefix", &findings)
        default:
            findings.refuse(
                "detectLocalMode",
                "'\(detectLocalMode.quotable)' must be ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix")
        }
    }

    /// The kernel's bound for names of interfaces is 15 bytes (IFNAMSIZ); upstream's rule is not to be empty.
    private static func validate(_ name: String, _ field: String, _ findings: inout Findings) {
        findings.require(!name.isEmpty, field, "must not be empty")
        findings.require(name.utf8.count <= 15, field, "must not be longer than 15 bytes")
    }

    private func validateClusterCIDR(_ findings: inout Findings) {
        guard !clusterCIDR.isEmpty else { return }
        let texts = clusterCIDR.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let networks = texts.compactMap(IPPrefix.init(sloppy:))
        for text in texts where IPPrefix(sloppy: text) == nil {
            findings.refuse(
                "clusterCIDR",
                "'\(text.quotable)' must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)")
        }
        let isPair = networks.count < 2 || networks[0].family != networks[1].family
        findings.require(
            texts.count <= 2 && isPair, "clusterCIDR",
            "must be either a single CIDR or a dual-stack pair of CIDRs (e.g. 10.100.0.0/16,fde4:8dba:82e1::/48)")
    }

    private func validateConntrack(_ findings: inout Findings) {
        for (name, number) in [("maxPerCore", conntrack.maxPerCore), ("min", conntrack.min)] {
            findings.require((number ?? 0) >= 0, "conntrack.\(name)", Self.notNegative)
        }
        let timeouts = [
            ("tcpEstablishedTimeout", conntrack.tcpEstablishedTimeout),
            ("tcpCloseWaitTimeout", conntrack.tcpCloseWaitTimeout), ("udpTimeout", conntrack.udpTimeout),
            ("udpStreamTimeout", conntrack.udpStreamTimeout),
        ]
        for (name, timeout) in timeouts {
            findings.require((timeout ?? .zero) >= .zero, "conntrack.\(name)", Self.notNegative)
        }
    }

    /// k8s.io/component-base/logs/api/v1 `Validate`.
    private func validateLogging(_ findings: inout Findings) {
        findings.require(logging.flushFrequency.duration > .zero, "logging.flushFrequency", Self.positive)
        let isText = logging.format == "text"
        findings.require(
            isText || logging.format == "json", "logging.format",
            "'\(logging.format.quotable)' is an unsupported log format: 'text' and 'json' are supported")
        let most = UInt32(Int32.max)
        findings.require(logging.verbosity <= most, "logging.verbosity", "must be <= \(most)")
        findings.require(
            logging.vmodule.isEmpty || isText, "logging.vmodule", "only supported for the text log format")
        for (index, item) in logging.vmodule.enumerated() {
            let field = "logging.vmodule[\(index)]"
            findings.require(!item.filePattern.isEmpty, field, "filePattern must not be empty")
            findings.require(
                !item.filePattern.contains { "=,".contains($0) }, field,
                "filePattern must not contain an equal sign or comma")
            findings.require(item.verbosity <= most, field, "verbosity must be <= \(most)")
        }
        guard featureGates["LoggingAlphaOptions"] != true else { return }
        for (name, options) in [("text", logging.options.text), ("json", logging.options.json)] {
            let field = "logging.options.\(name)"
            findings.require(
                !options.splitStream, "\(field).splitStream", "feature LoggingAlphaOptions is disabled")
            findings.require(
                options.infoBufferSize.isZero, "\(field).infoBufferSize", "feature LoggingAlphaOptions is disabled")
        }
    }

    private static func isMinorVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
    }
}

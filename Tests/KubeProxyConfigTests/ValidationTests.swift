import Testing

@testable import KubeProxyConfig

/// A change of a configuration, and the only problem that it makes.
struct ValidationCase: Sendable, CustomTestStringConvertible {
    let problem: String
    let change: @Sendable (inout KubeProxyConfiguration) -> Void

    var testDescription: String { problem }

    init(_ problem: String, _ change: @escaping @Sendable (inout KubeProxyConfiguration) -> Void) {
        self.problem = problem
        self.change = change
    }
}

@Suite("Validation")
struct ValidationTests {
    private func problems(_ change: (inout KubeProxyConfiguration) -> Void) -> [String] {
        var configuration = KubeProxyConfiguration()
        configuration.mode = "nftables"
        change(&configuration)
        do throws(ConfigurationErrors) {
            _ = try EffectiveConfiguration(checking: configuration)
            return []
        } catch {
            return error.problems
        }
    }

    private static let pair = "clusterCIDR: must be either a single CIDR or a dual-stack pair of CIDRs"
    private static let port = "metricsBindAddress: '127.0.0.1"

    static let refused: [ValidationCase] = [
        .init("configSyncPeriod: must be greater than 0") { $0.configSyncPeriod = .seconds(-1) },
        .init("nftables.syncPeriod: must be greater than 0") { $0.nftables.syncPeriod = .zero },
        .init("nftables.minSyncPeriod: must be greater than or equal to 0") {
            $0.nftables.minSyncPeriod = .seconds(-1)
        },
        .init("nftables.syncPeriod: must be greater than or equal to nftables.minSyncPeriod") {
            $0.nftables.minSyncPeriod = .seconds(31)
        },
        .init("bindAddress: '1.2.3' is not a valid") { $0.bindAddress = "1.2.3" },
        .init("bindAddress: '[::]' is not a valid") { $0.bindAddress = "[::]" },
        .init("healthzBindAddress: '1.2.3.4' must be IP:port") { $0.healthzBindAddress = "1.2.3.4" },
        .init("healthzBindAddress: 'localhost:80' must be a valid IP") { $0.healthzBindAddress = "localhost:80" },
        .init("healthzBindAddress: '::1:80' must be IP:port") { $0.healthzBindAddress = "::1:80" },
        .init("\(port):0' must be a valid port") { $0.metricsBindAddress = "127.0.0.1:0" },
        .init("\(port):65536' must be a valid port") { $0.metricsBindAddress = "127.0.0.1:65536" },
        .init("\(port):http' must be a valid port") { $0.metricsBindAddress = "127.0.0.1:http" },
        .init("iptables.masqueradeBit: must be within the range [0, 31]") { $0.iptables.masqueradeBit = 32 },
        .init("nftables.masqueradeBit: must be within the range [0, 31]") { $0.nftables.masqueradeBit = -1 },
        .init("nodePortAddresses[1]: can't use both 'primary' and CIDRs") {
            $0.nodePortAddresses = ["10.0.0.0/8", "primary"]
        },
        .init("nodePortAddresses[0]: can't use both 'primary' and CIDRs") {
            $0.nodePortAddresses = ["primary", "10.0.0.0/8"]
        },
        .init("nodePortAddresses[1]: '10.0.0.1' must be a valid CIDR") {
            $0.nodePortAddresses = ["10.0.0.0/8", "10.0.0.1"]
        },
        .init("nodePortAddresses[0]: '10.0.0.0/33' must be a valid CIDR") { $0.nodePortAddresses = ["10.0.0.0/33"] },
        .init("detectLocalMode: 'Magic' must be ClusterCIDR") { $0.detectLocalMode = "Magic" },
        .init("detectLocal.bridgeInterface: must not be empty") { $0.detectLocalMode = "BridgeInterface" },
        .init("detectLocal.interfaceNamePrefix: must not be empty") { $0.detectLocalMode = "InterfaceNamePrefix" },
        .init("detectLocal.interfaceNamePrefix: must not be longer than 15 bytes") {
            $0.detectLocalMode = "InterfaceNamePrefix"
            $0.detectLocal.interfaceNamePrefix = "0123456789abcdef"
        },
        .init("clusterCIDR: 'fd00::/129' must be a valid CIDR block") { $0.clusterCIDR = "10.0.0.0/8,fd00::/129" },
        .init("clusterCIDR: '' must be a valid CIDR block") { $0.clusterCIDR = "10.0.0.0/8," },
        .init(pair) { $0.clusterCIDR = "10.0.0.0/8,11.0.0.0/8" },
        .init(pair) { $0.clusterCIDR = "10.0.0.0/8,fd00::/48,11.0.0.0/8" },
        .init("conntrack.maxPerCore: must be greater than or equal to 0") { $0.conntrack.maxPerCore = -1 },
        .init("conntrack.min: must be greater than or equal to 0") { $0.conntrack.min = -1 },
        .init("conntrack.tcpEstablishedTimeout: must be") { $0.conntrack.tcpEstablishedTimeout = .seconds(-1) },
        .init("conntrack.tcpCloseWaitTimeout: must be") { $0.conntrack.tcpCloseWaitTimeout = .seconds(-1) },
        .init("conntrack.udpTimeout: must be") { $0.conntrack.udpTimeout = .seconds(-1) },
        .init("conntrack.udpStreamTimeout: must be") { $0.conntrack.udpStreamTimeout = .seconds(-1) },
        .init("oomScoreAdj: must be within [-1000, 1000]") { $0.oomScoreAdj = -1001 },
        .init("clientConnection.burst: must be greater than or equal to 0") { $0.clientConnection.burst = -1 },
        .init("showHiddenMetricsForVersion: must be <major>.<minor>") { $0.showHiddenMetricsForVersion = "1.35.0" },
        .init("logging.format: 'xml' is an unsupported log format") { $0.logging.format = "xml" },
        .init("logging.flushFrequency: must be greater than 0") {
            $0.logging.flushFrequency = .init(.seconds(-1))
        },
        .init("logging.verbosity: must be <= 2147483647") { $0.logging.verbosity = 1 << 31 },
        .init("logging.vmodule: only supported for the text log format") {
            $0.logging.format = "json"
            $0.logging.vmodule = [.init(filePattern: "a", verbosity: 1)]
        },
        .init("logging.vmodule[0]: filePattern must not be empty") {
            $0.logging.vmodule = [.init(filePattern: "", verbosity: 1)]
        },
        .init("logging.vmodule[0]: filePattern must not contain") {
            $0.logging.vmodule = [.init(filePattern: "a=b", verbosity: 1)]
        },
        .init("logging.options.text.splitStream: feature LoggingAlphaOptions is disabled") {
            $0.logging.options.text.splitStream = true
        },
        .init("logging.options.json.infoBufferSize: feature LoggingAlphaOptions is disabled") {
            $0.logging.options.json.infoBufferSize = .init("1Ki")
        },
        .init("mode: 'iptables' is not built into Fairlead yet; 'nftables' is") { $0.mode = "iptables" },
        .init("mode: 'ipvs' is not built into Fairlead yet; 'nftables' is") { $0.mode = "ipvs" },
        .init("mode: 'kernelspace' is for Windows") { $0.mode = "kernelspace" },
        .init("mode: 'userspace' must be 'nftables' or empty") { $0.mode = "userspace" },
        .init("windowsRunAsService: is for Windows") { $0.windowsRunAsService = true },
        .init("winkernel.networkName: is for Windows") { $0.winkernel.networkName = "n" },
        .init("winkernel.sourceVip: is for Windows") { $0.winkernel.sourceVip = "n" },
        .init("winkernel.enableDSR: is for Windows") { $0.winkernel.enableDSR = true },
        .init("winkernel.rootHnsEndpointName: is for Windows") { $0.winkernel.rootHnsEndpointName = "n" },
        .init("winkernel.forwardHealthCheckVip: is for Windows") { $0.winkernel.forwardHealthCheckVip = true },
        .init("featureGates.AllowServiceExternalIPs: false is not built into Fairlead") {
            $0.featureGates = ["AllowServiceExternalIPs": false]
        },
    ]

    @Test("refuses with the field", arguments: refused)
    func refuses(rule: ValidationCase) {
        let found = problems(rule.change)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(rule.problem) == true, "\(found)")
    }

    @Test("has rules of the ipvs mode, beside that it is not there")
    func ipvs() {
        let found = problems {
            $0.mode = "ipvs"
            $0.ipvs.tcpTimeout = .seconds(-1)
            $0.ipvs.tcpFinTimeout = .seconds(-1)
            $0.ipvs.udpTimeout = .seconds(-1)
            $0.ipvs.excludeCIDRs = ["10.0.0.0/8", "no"]
            $0.ipvs.syncPeriod = .zero
        }
        let fields = found.compactMap { $0.split(separator: ": ").first.map(String.init) }
        let expected = [
            "ipvs.tcpTimeout", "ipvs.tcpFinTimeout", "ipvs.udpTimeout", "ipvs.excludeCIDRs[1]", "ipvs.syncPeriod",
            "mode",
        ]
        #expect(fields == expected)
    }

    @Test("tells all problems at once, in a file with their lines")
    func all() throws {
        let body = "conntrack:\n  min: -1\n  udpTimeout: -5s\nmode: ipvs\nwinkernel: {enableDSR: true}\n"
        let file = try ConfigurationFile(name: "c", text: Texts.header + body)
        let errors = #expect(throws: ConfigurationErrors.self) {
            try EffectiveConfiguration(checking: file.configuration, from: file)
        }
        #expect(
            errors?.problems == [
                "c, line 4: conntrack.min: must be greater than or equal to 0",
                "c, line 5: conntrack.udpTimeout: must be greater than or equal to 0",
                "c, line 6: mode: 'ipvs' is not built into Fairlead yet; 'nftables' is",
                "c, line 7: winkernel.enableDSR: is for Windows, where Fairlead does not run",
            ])
    }

    @Test("takes what is at the edge of its rules")
    func taken() {
        let found = problems {
            $0.bindAddress = "010.001.0.1"
            $0.healthzBindAddress = "[::]:1"
            $0.metricsBindAddress = ""
            $0.nftables.masqueradeBit = 0
            $0.nftables.minSyncPeriod = .seconds(30)
            $0.nodePortAddresses = ["10.1.2.3/8", "fd00::1/64"]
            $0.clusterCIDR = "fd00::5/48,10.244.1.1/16"
            $0.conntrack.maxPerCore = 0
            $0.conntrack.tcpEstablishedTimeout = .zero
            $0.oomScoreAdj = 1000
            $0.logging.format = "json"
            $0.showHiddenMetricsForVersion = "1.35"
        }
        #expect(found == [])
    }
}

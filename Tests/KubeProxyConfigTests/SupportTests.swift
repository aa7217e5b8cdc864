import Net
import Testing

@testable import KubeProxyConfig

@Suite("What has no effect")
struct SupportTests {
    private func effective(_ change: (inout KubeProxyConfiguration) -> Void) throws -> EffectiveConfiguration {
        var configuration = KubeProxyConfiguration()
        configuration.mode = "nftables"
        change(&configuration)
        return try EffectiveConfiguration(checking: configuration)
    }

    static let warned: [ValidationCase] = [
        .init("ipvs.scheduler: has no effect: the mode is nftables") { $0.ipvs.scheduler = "rr" },
        .init("ipvs.excludeCIDRs: has no effect: the mode is nftables") { $0.ipvs.excludeCIDRs = ["10.0.0.0/8"] },
        .init("ipvs.strictARP: has no effect: the mode is nftables") { $0.ipvs.strictARP = true },
        .init("ipvs.tcpTimeout: has no effect: the mode is nftables") { $0.ipvs.tcpTimeout = .seconds(1) },
        .init("ipvs.tcpFinTimeout: has no effect: the mode is nftables") { $0.ipvs.tcpFinTimeout = .seconds(1) },
        .init("ipvs.udpTimeout: has no effect: the mode is nftables") { $0.ipvs.udpTimeout = .seconds(1) },
        .init("ipvs.syncPeriod: has no effect: the mode is nftables") { $0.ipvs.syncPeriod = .seconds(1) },
        .init("ipvs.minSyncPeriod: has no effect: the mode is nftables") { $0.ipvs.minSyncPeriod = .seconds(1) },
        .init("iptables.masqueradeBit: has no effect: the mode is nftables") { $0.iptables.masqueradeBit = 15 },
        .init("iptables.masqueradeAll: has no effect: the mode is nftables") { $0.iptables.masqueradeAll = true },
        .init("iptables.syncPeriod: has no effect: the mode is nftables") { $0.iptables.syncPeriod = .seconds(1) },
        .init("iptables.minSyncPeriod: has no effect: the mode is nftables") {
            $0.iptables.minSyncPeriod = .seconds(2)
        },
        .init("enableProfiling: has no effect: there is no /debug/pprof") { $0.enableProfiling = true },
        .init("configSyncPeriod: has no effect: a watch that goes on needs nothing read anew") {
            $0.configSyncPeriod = .seconds(60)
        },
        .init("logging.vmodule: has no effect: verbosity is for all of Fairlead") {
            $0.logging.vmodule = [.init(filePattern: "a", verbosity: 1)]
        },
        .init("logging.flushFrequency: has no effect: each line is written at once") {
            $0.logging.flushFrequency = .init(.seconds(1))
        },
        .init("logging.options.text.splitStream: has no effect: all lines go to standard error") {
            $0.featureGates = ["LoggingAlphaOptions": true]
            $0.logging.options.text.splitStream = true
        },
        .init("logging.options.json.infoBufferSize: has no effect: each line is written at once") {
            $0.featureGates = ["LoggingAlphaOptions": true]
            $0.logging.options.json.infoBufferSize = .init("1Ki")
        },
        .init("featureGates.ComponentStatusz: has no effect: there is no /statusz") {
            $0.featureGates = ["ComponentStatusz": true]
        },
        .init("featureGates.Unheard: has no effect: Fairlead does not know this gate") {
            $0.featureGates = ["Unheard": false]
        },
    ]

    @Test("is a warning that names it", arguments: warned)
    func warns(rule: ValidationCase) throws {
        #expect(try effective(rule.change).warnings == [rule.problem])
    }

    @Test("is no warning where it asks for what Fairlead does")
    func silent() throws {
        let found = try effective {
            $0.featureGates = [
                "AllowServiceExternalIPs": true, "MultiCIDRServiceAllocator": true, "NFTablesProxyMode": true,
                "PreferSameTrafficDistribution": true, "ComponentFlagz": false, "ComponentStatusz": false,
                "NativeHistograms": false, "ContextualLogging": false, "LoggingBetaOptions": true, "WinDSR": true,
                "AllBeta": false,
            ]
            // What upstream itself writes for the modes that are not in use.
            $0.ipvs.syncPeriod = .zero
            $0.iptables.syncPeriod = .zero
            $0.iptables.minSyncPeriod = .seconds(1)
            $0.portRange = "1-2"
        }
        #expect(found.warnings == [])
        #expect(found.notices == [])
    }

    @Test("With an empty mode, what iptables has of the same settings counts")
    func emptyMode() throws {
        var configuration = KubeProxyConfiguration()
        configuration.iptables.masqueradeAll = true
        configuration.iptables.masqueradeBit = 20
        configuration.iptables.syncPeriod = .seconds(40)
        configuration.iptables.minSyncPeriod = .seconds(2)
        let found = try EffectiveConfiguration(checking: configuration)
        #expect(found.warnings == [])
        #expect(found.configuration.masqueradeAll)
        #expect(found.configuration.masqueradeBit == 20)
        #expect(found.configuration.syncPeriod == .seconds(40))
        #expect(found.configuration.minSyncPeriod == .seconds(2))
        configuration.nftables.masqueradeBit = 21
        configuration.iptables.minSyncPeriod = .seconds(1)
        let own = try EffectiveConfiguration(checking: configuration).configuration
        #expect(own.masqueradeBit == 21)
        #expect(own.minSyncPeriod == nil)
    }

    @Test("Texts are values where they are used")
    func values() throws {
        let defaults = try EffectiveConfiguration(checking: KubeProxyConfiguration()).configuration
        #expect(defaults.healthzAddress?.description == "0.0.0.0:10256")
        #expect(defaults.metricsAddress?.description == "127.0.0.1:10249")
        #expect(defaults.primaryAddress == nil)
        #expect(defaults.nodePorts == .primary)
        #expect(defaults.podDetection == .networks([]))
        #expect(defaults.minSyncPeriod == nil)
        let set = try effective {
            $0.bindAddress = "2001:db8::1"
            $0.healthzBindAddress = "[::]:1"
            $0.metricsBindAddress = ""
            $0.nodePortAddresses = ["10.1.2.3/8"]
            $0.clusterCIDR = "10.244.0.1/16,fd00::/48"
        }.configuration
        #expect(set.healthzAddress?.description == "[::]:1")
        #expect(set.metricsAddress == nil)
        #expect(set.primaryAddress == (try IPAddress("2001:db8::1")))
        #expect(set.nodePorts == .networks([try IPPrefix("10.0.0.0/8")]))
        #expect(set.podDetection == .networks([try IPPrefix("10.244.0.0/16"), try IPPrefix("fd00::/48")]))
        let bridge = try effective {
            $0.detectLocalMode = "BridgeInterface"
            $0.detectLocal.bridgeInterface = "br0"
        }.configuration
        #expect(bridge.podDetection == .bridge("br0"))
        #expect(try effective { $0.detectLocalMode = "NodeCIDR" }.configuration.podDetection == .nodeNetworks)
    }

    @Test("The node's name is trimmed and in lower case, and the host's where none is given")
    func nodeName() {
        var configuration = KubeProxyConfiguration()
        #expect(configuration.nodeName(hostName: "Host-1\n") == "host-1")
        #expect(configuration.nodeName(hostName: " ") == nil)
        configuration.hostnameOverride = "  Node-7 "
        #expect(configuration.nodeName(hostName: "Host-1") == "node-7")
    }
}

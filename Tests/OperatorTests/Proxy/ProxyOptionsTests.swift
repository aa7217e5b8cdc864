import ArgumentParser
import KubeProxyConfig
import Logging
import Testing

@testable import fairlead

/// One flag and what it does.
struct FlagCase: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let change: @Sendable (inout KubeProxyConfiguration) -> Void

    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String..., change: @escaping @Sendable (inout KubeProxyConfiguration) -> Void) {
        self.arguments = arguments
        self.change = change
    }
}

@Suite("The flags of fairlead proxy")
struct ProxyOptionsTests {
    static let header = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n"

    static func start(_ arguments: [String], hostName: String = "host") throws -> ProxyStart {
        try ProxyOptions.parse(ProxyOptions.normalise(arguments)).start(hostName: hostName)
    }

    private func problems(_ arguments: [String]) -> [String] {
        do {
            _ = try Self.start(arguments)
            return []
        } catch let error as ConfigurationErrors {
            return error.problems
        } catch {
            return [ProxyOptions.message(for: error)]
        }
    }

    static let flags: [FlagCase] = [
        .init("--kubeconfig", "/k") { $0.clientConnection.kubeconfig = "/k" },
        .init("--kube-api-content-type=application/json") { $0.clientConnection.contentType = "application/json" },
        .init("--kube-api-qps=7.5") { $0.clientConnection.qps = 7.5 },
        .init("--kube-api-burst", "20") { $0.clientConnection.burst = 20 },
        .init("--hostname-override", " Node-1 ") { $0.hostnameOverride = "node-1" },
        .init("--bind-address=192.0.2.1") { $0.bindAddress = "192.0.2.1" },
        .init("--bind-address=") { _ in },
        .init("--bind-address-hard-fail") { $0.bindAddressHardFail = true },
        .init("--healthz-bind-address=192.0.2.1") { $0.healthzBindAddress = "192.0.2.1:10256" },
        .init("--healthz-bind-address=[::]:99") { $0.healthzBindAddress = "[::]:99" },
        .init("--healthz-bind-address", "") { $0.healthzBindAddress = "" },
        .init("--metrics-bind-address=::1") { $0.metricsBindAddress = "[::1]:10249" },
        .init("--metrics-bind-address=") { $0.metricsBindAddress = "" },
        .init("--healthz-port=0") { $0.healthzBindAddress = "" },
        .init("--metrics-port=0") { $0.metricsBindAddress = "" },
        .init("--healthz-bind-address=192.0.2.1", "--healthz-port", "77") { $0.healthzBindAddress = "192.0.2.1:77" },
        .init("--metrics-bind-address=::", "--metrics-port=78") { $0.metricsBindAddress = "[::]:78" },
        .init("--metrics-port=78") { _ in },
        .init("--profiling=false") { _ in },
        .init("--boot-id-file=/proc/sys/kernel/random/boot_id") { _ in },
        .init("--machine-id-file", "/etc/machine-id") { _ in },
        .init("--show-hidden-metrics-for-version=1.35") { $0.showHiddenMetricsForVersion = "1.35" },
        .init("--feature-gates=ContextualLogging=true,WinDSR=false", "--feature-gates", "WinDSR=T") {
            $0.featureGates = ["ContextualLogging": true, "WinDSR": true]
        },
        .init("--config-sync-period=20m") { $0.configSyncPeriod = .seconds(1200) },
        .init("--proxy-mode=nftables") { $0.mode = "nftables" },
        .init("--masquerade-all") { $0.nftables.masqueradeAll = true },
        .init("--masquerade-all=1") { $0.nftables.masqueradeAll = true },
        .init("--masquerade-all=true", "--masquerade-all=False") { _ in },
        .init("--masquerade_all") { $0.nftables.masqueradeAll = true },
        .init("--iptables-masquerade-bit=20") { $0.nftables.masqueradeBit = 20 },
        .init("--iptables-localhost-nodeports=false") { _ in },
        .init("--iptables-sync-period=1m") { $0.nftables.syncPeriod = .seconds(60) },
        .init("--proxy-mode=nftables", "--iptables-min-sync-period=2s") {
            $0.mode = "nftables"
            $0.nftables.minSyncPeriod = .seconds(2)
        },
        .init("--ipvs-sync-period=1m") { $0.ipvs.syncPeriod = .seconds(60) },
        .init("--ipvs-min-sync-period=1s") { $0.ipvs.minSyncPeriod = .seconds(1) },
        .init("--ipvs-scheduler", "wrr") { $0.ipvs.scheduler = "wrr" },
        .init("--ipvs-exclude-cidrs=10.0.0.0/8,fd00::/8", "--ipvs-exclude-cidrs=11.0.0.0/8") {
            $0.ipvs.excludeCIDRs = ["10.0.0.0/8", "fd00::/8", "11.0.0.0/8"]
        },
        .init("--ipvs-strict-arp") { $0.ipvs.strictARP = true },
        .init("--ipvs-tcp-timeout=1s") { $0.ipvs.tcpTimeout = .seconds(1) },
        .init("--ipvs-tcpfin-timeout=2s") { $0.ipvs.tcpFinTimeout = .seconds(2) },
        .init("--ipvs-udp-timeout=3s") { $0.ipvs.udpTimeout = .seconds(3) },
        .init("--detect-local-mode=NodeCIDR") { $0.detectLocalMode = "NodeCIDR" },
        .init("--pod-bridge-interface=br0") { $0.detectLocal.bridgeInterface = "br0" },
        .init("--pod-interface-name-prefix=veth") { $0.detectLocal.interfaceNamePrefix = "veth" },
        .init("--cluster-cidr", "10.1.0.0/16,fd00:1::/48") { $0.clusterCIDR = "10.1.0.0/16,fd00:1::/48" },
        .init("--nodeport-addresses=10.0.0.0/8,192.0.2.0/24", "--nodeport-addresses=fd00::/8") {
            $0.nodePortAddresses = ["10.0.0.0/8", "192.0.2.0/24", "fd00::/8"]
        },
        .init("--nodeport-addresses=") { _ in },
        .init("--oom-score-adj", "-500") { $0.oomScoreAdj = -500 },
        .init("--conntrack-max-per-core=0") { $0.conntrack.maxPerCore = 0 },
        .init("--conntrack-min=1") { $0.conntrack.min = 1 },
        .init("--conntrack-tcp-timeout-established=0s") { $0.conntrack.tcpEstablishedTimeout = .zero },
        .init("--conntrack-tcp-timeout-close-wait=5m") { $0.conntrack.tcpCloseWaitTimeout = .seconds(300) },
        .init("--conntrack-tcp-be-liberal") { $0.conntrack.tcpBeLiberal = true },
        .init("--conntrack-udp-timeout=6s") { $0.conntrack.udpTimeout = .seconds(6) },
        .init("--conntrack-udp-timeout-stream=7s") { $0.conntrack.udpStreamTimeout = .seconds(7) },
        .init("-v", "4") { $0.logging.verbosity = 4 },
        .init("-v=3") { $0.logging.verbosity = 3 },
        .init("-v2") { $0.logging.verbosity = 2 },
        .init("--v=1", "--v=5") { $0.logging.verbosity = 5 },
        .init("--vmodule=proxy*=2,b=3") {
            $0.logging.vmodule = [.init(filePattern: "proxy*", verbosity: 2), .init(filePattern: "b", verbosity: 3)]
        },
        .init("--logging-format=json") { $0.logging.format = "json" },
        .init("--log-flush-frequency=1s") { $0.logging.flushFrequency = .init(.seconds(1)) },
        .init("--feature-gates=LoggingAlphaOptions=true", "--log-text-split-stream", "--log-json-split-stream=t") {
            $0.featureGates = ["LoggingAlphaOptions": true]
            $0.logging.options.text.splitStream = true
            $0.logging.options.json.splitStream = true
        },
        .init("--log-text-info-buffer-size=0", "--log-json-info-buffer-size", "0") { _ in },
    ]

    /// As many cases in one command line as go together: a parse is slow in a debug build.
    private static let rounds: [[FlagCase]] = {
        var rounds: [[FlagCase]] = []
        func names(_ flag: FlagCase) -> Set<Substring> {
            let names = ProxyOptions.normalise(flag.arguments).compactMap { $0.split(separator: "=").first }
            // What one does hangs on the other.
            let related = [
                "--iptables-masquerade-bit": "--proxy-mode", "--iptables-localhost-nodeports": "--proxy-mode",
                "--healthz-port": "--healthz-bind-address", "--metrics-port": "--metrics-bind-address",
                "--logging-format": "--vmodule",
            ]
            return Set(names + names.compactMap { related[String($0)]?[...] })
        }
        for flag in flags {
            let free = rounds.indices.first { round in
                rounds[round].allSatisfy { names($0).isDisjoint(with: names(flag)) }
            }
            if let free { rounds[free].append(flag) } else { rounds.append([flag]) }
        }
        return rounds
    }()

    @Test("do what kube-proxy's do", arguments: rounds)
    func flag(round: [FlagCase]) throws {
        var expected = try EffectiveConfiguration(checking: KubeProxyConfiguration()).configuration
        for flag in round { flag.change(&expected) }
        #expect(try Self.start(round.flatMap(\.arguments)).configuration == expected)
    }

    @Test("are all there: each of kube-proxy's has a case")
    func complete() {
        let tested = Set(Self.flags.flatMap { $0.arguments }.flatMap { ProxyOptions.normalise([$0]) })
        let names = ProxyOptions.booleanFlags.union(ProxyOptions.valueFlags)
            .subtracting(["config", "write-config-to", "cleanup", "init-only", "master"])
        for name in names {
            let isTested = tested.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
            #expect(isTested, "--\(name)")
        }
    }

    @Test("that do nothing are warned about")
    func withoutEffect() throws {
        let start = try Self.start(["--kubeconfig=/k", "--boot-id-file=/b", "--machine-id-file", "/m"])
        #expect(start.warnings.filter { $0.contains("-id-file") }.count == 2)
        #expect(start.warnings.contains("--boot-id-file has no effect"))
    }

    @Test("take all forms of pflag")
    func normalise() {
        let arguments = [
            "--cluster_cidr", "10.0.0.0/8", "-v", "3", "--cleanup", "--init-only=false", "--oom-score-adj", "-999",
            "--verify-interval", "5", "--keep-kube-proxy-rules", "--help", "-h", "--kubeconfig=a=b_c", "x", "--config",
            "--v",
            "--", "--cleanup", "-v",
        ]
        #expect(
            ProxyOptions.normalise(arguments) == [
                "--cluster-cidr=10.0.0.0/8", "--v=3", "--cleanup=true", "--init-only=false", "--oom-score-adj=-999",
                "--verify-interval", "5", "--keep-kube-proxy-rules", "--help", "-h", "--kubeconfig=a=b_c", "x",
                "--config=--v", "--", "--cleanup", "-v",
            ])
        #expect(ProxyOptions.normalise(["--config"]) == ["--config"])
        #expect(ProxyOptions.normalise(["--v="]) == ["--v", ""])
        #expect(ProxyOptions.normalise([]) == [])
    }

    @Test("that are wrong are refused, with their name")
    func refused() {
        for argument in [
            "--masquerade-all=maybe", "--no-such-flag", "argument", "--hostname-override= ", "--kubeconfig",
        ] {
            let found = problems([argument])
            let name = argument.drop { $0 == "-" }.prefix { $0 != "=" }
            #expect(found.count == 1)
            #expect(found.first?.contains(name) == true, "\(found)")
        }
    }

    @Test("take values of their sort only")
    func values() {
        for text in ["1", "t", "T", "true", "TRUE", "True"] { #expect(GoBoolean(argument: text)?.value == true) }
        for text in ["0", "f", "F", "false", "FALSE", "False"] { #expect(GoBoolean(argument: text)?.value == false) }
        for text in ["", "yes", "tRUE", "2"] { #expect(GoBoolean(argument: text) == nil) }
        #expect(GoDuration(argument: "5") == nil)
        for text in ["", "1.2.3.4", "::", "010.0.0.1"] { #expect(AddressText(argument: text)?.text == text) }
        for text in ["host", "1.2.3.4:5", "[::]"] { #expect(AddressText(argument: text) == nil) }
        for text in ["", "1.2.3.4", "1.2.3.4:5", "[::]:5", "::"] {
            #expect(ServingAddress(argument: text)?.text == text)
        }
        for text in ["host:5", "1.2.3.4:x", "1.2.3.4:0", ":5"] { #expect(ServingAddress(argument: text) == nil) }
        #expect(GateList(argument: "A=true, B = false,")?.gates == ["A": true, "B": false])
        for text in ["A", "A=", "A=maybe", "=true"] { #expect(GateList(argument: text) == nil, "\(text)") }
        #expect(VModuleList(argument: "a=1,b*=2")?.items.count == 2)
        for text in ["a", "=1", "a=b", "a=1=2", "a=-1"] { #expect(VModuleList(argument: text) == nil) }
    }

    @Test("that make a bad configuration are refused together, with the fields that they set")
    func invalid() {
        #expect(
            problems(["--proxy-mode=userspace", "--conntrack-min=-1", "--iptables-sync-period=0"]) == [
                "nftables.syncPeriod: must be greater than 0", "conntrack.min: must be greater than or equal to 0",
                "mode: 'userspace' must be 'nftables' or empty",
            ])
    }

    @Test("say what is to be done, in upstream's order")
    func acts() throws {
        var options = try ProxyOptions.parse([])
        func act() throws -> ProxyStart.Act { try options.start(hostName: "h").act }
        let yes = GoBoolean(argument: "true")
        #expect(try act() == .run)
        options.action.initOnly = yes
        #expect(try act() == .initialise)
        options.action.cleanup = GoBoolean(argument: "false")
        #expect(try act() == .initialise)
        options.action.cleanup = yes
        #expect(try act() == .cleanUp)
        // What is programmed can be removed whatever the configuration says.
        options.action.config = "/nonexistent"
        options.traffic.proxyMode = "ipvs"
        #expect(try act() == .cleanUp)
        options.action.cleanup = nil
        #expect(throws: ConfigurationErrors.self) { try options.start(hostName: "h") }
        options.action.config = ""
        options.traffic.proxyMode = nil
        options.action.writeConfigTo = "/x"
        #expect(try act() == .writeConfiguration(path: "/x"))
    }

    @Test("have Fairlead's own beside them")
    func own() throws {
        let arguments = [
            "--verify-interval", "5", "--stale-tcp=reset", "--invalid-packets", "drop", "--keep-kube-proxy-rules",
            "--localhost-nodeports", "--log-level=debug", "--traffic-counters=off", "--logging-format=json",
        ]
        let options = try ProxyOptions.parse(ProxyOptions.normalise(arguments))
        #expect(options.own.verifyInterval == 5)
        #expect(options.own.localhostNodePorts)
        #expect(options.takeOver.keepKubeProxyRules)
        #expect(options.conntrack.staleTCP == .reset)
        let start = try options.start(hostName: "h")
        #expect(start.logLevel == .debug)
        #expect(start.logFormat == .json)
    }

    @Test("of verbosity are levels of the log")
    func levels() {
        let levels: [(UInt32, Logger.Level)] = [
            (0, .notice), (1, .notice), (2, .info), (3, .info), (4, .debug), (6, .trace), (99, .trace),
        ]
        for (verbosity, level) in levels { #expect(Logger.Level(verbosity: verbosity) == level) }
    }

    @Test("With --config the file counts, and flags that are ignored are warned about")
    func precedence() throws {
        let directory = try TemporaryDirectory()
        let body = """
            hostnameOverride: from-file
            clusterCIDR: 10.9.0.0/16
            mode: nftables
            logging: {verbosity: 1, vmodule: [{filePattern: a, verbosity: 1}]}
            """
        try directory.write("config.conf", Self.header + body)
        let config = ["--config", directory.file("config.conf")]
        let plain = try Self.start(config)
        #expect(plain.nodeName == "from-file")
        #expect(plain.file?.path == directory.file("config.conf"))
        #expect(plain.file?.text == Self.header + body)
        let all = try Self.start(
            config + [
                "--cluster-cidr=10.1.0.0/16", "--masquerade-all", "--hostname-override=From-Flag", "--master=http://m",
                "-v4", "--vmodule=b=2", "--kubeconfig=/k", "--init-only", "--oom-score-adj=5",
            ])
        var expected = plain.configuration
        expected.hostnameOverride = "from-flag"
        expected.logging.verbosity = 4
        expected.logging.vmodule.insert(.init(filePattern: "b", verbosity: 2), at: 0)
        #expect(all.configuration == expected)
        #expect(all.nodeName == "from-flag")
        #expect(all.master == "http://m")
        #expect(all.act == .initialise)
        let ignored = ["--kubeconfig", "--masquerade-all", "--cluster-cidr", "--oom-score-adj"]
        // Line 6 of the file is the field that the last warning is about.
        let vmodule = "line 6: logging.vmodule: has no effect: verbosity is for all of Fairlead"
        let expectedWarnings =
            ignored.map { "\($0) is ignored: with --config the file counts" }
            + ["\(directory.file("config.conf")), \(vmodule)"]
        #expect(all.warnings == expectedWarnings)
    }

    @Test("A configuration that is written reads back as the same")
    func written() throws {
        let directory = try TemporaryDirectory()
        let arguments = [
            "--cluster-cidr=10.1.0.0/16,fd00:1::/48", "--bind-address=::", "--nodeport-addresses=10.0.0.0/8",
            "--conntrack-udp-timeout=250ms", "--feature-gates=WinDSR=true", "--metrics-bind-address=[::1]:77",
            "--oom-score-adj=-1", "--hostname-override=n1",
        ]
        let start = try Self.start(arguments)
        try start.writeConfiguration(to: directory.file("out.yaml"))
        let again = try Self.start(["--config", directory.file("out.yaml")])
        #expect(again.configuration == start.configuration)
        #expect(again.warnings == [])
        #expect(again.notices == [])
        #expect(throws: (any Error).self) { try start.writeConfiguration(to: directory.file("none/out.yaml")) }
    }
}

import FoundationEssentials
import KubeProxyConfig
import Logging

/// What a command line of `fairlead proxy` comes to.
struct ProxyStart {
    enum Act: Equatable {
        /// Write the configuration to a file and exit.
        case writeConfiguration(path: String)
        /// Remove what is programmed and exit. The configuration is that of the defaults: none was read.
        case cleanUp
        /// Set what needs privileges and exit.
        case initialise
        case run
    }

    let act: Act
    /// Complete and valid.
    let configuration: KubeProxyConfiguration
    /// The name of this node's Node object.
    let nodeName: String
    /// The API server's URL in place of the kubeconfig's.
    let master: String?
    /// The file that the configuration is from, to be watched.
    let file: ProxyConfigurationWatch?
    let logLevel: Logger.Level
    let logFormat: LogFormat
    /// To be logged, a line each.
    let notices: [String]
    let warnings: [String]

    /// Writes the configuration as upstream's `--write-config-to`: YAML that reads back as the same configuration.
    ///
    /// - Throws: the system's error.
    func writeConfiguration(to path: String) throws {
        try Data(configuration.document.yaml.utf8).write(to: URL(filePath: path))
    }
}

extension ProxyOptions {
    /// Reads the file, if there is one, applies the flags that count, and checks it all.
    ///
    /// With a file only the flags count that count for upstream (cmd/kube-proxy/app/options.go `Complete`).
    ///
    /// - Parameter hostName: The host's name, for the node's where nothing else is said.
    /// - Throws: `ConfigurationErrors` with all problems.
    func start(hostName: String) throws(ConfigurationErrors) -> ProxyStart {
        let act = act
        let override = try hostnameOverride
        // Nothing that is wrong with a configuration keeps its traces from being removed.
        let path = act == .cleanUp ? nil : action.config.flatMap { $0.isEmpty ? nil : $0 }
        let file = if let path { try ConfigurationFile(path: path) } else { nil as ConfigurationFile? }
        var flags = ProxyFlags(changing: KubeProxyConfiguration())
        if act != .cleanUp {
            client.apply(to: &flags)
            traffic.apply(to: &flags)
            node.apply(to: &flags)
        }
        let ignored = file == nil ? [] : flags.given
        if let file { flags = ProxyFlags(changing: file.configuration) }
        log.apply(to: &flags)
        if let override { flags.configuration.hostnameOverride = override }
        let effective = try EffectiveConfiguration(checking: flags.configuration, from: file)
        guard let nodeName = effective.configuration.nodeName(hostName: hostName) else {
            throw ConfigurationErrors(problems: ["this host has no name: --hostname-override is needed"])
        }
        return ProxyStart(
            act: act, configuration: effective.configuration, nodeName: nodeName,
            master: action.master.flatMap { $0.isEmpty ? nil : $0 },
            file: file.map { ProxyConfigurationWatch(path: $0.name, text: $0.text) },
            logLevel: log.logLevel ?? Logger.Level(verbosity: effective.configuration.logging.verbosity),
            logFormat: LogFormat(rawValue: effective.configuration.logging.format) ?? .text,
            notices: effective.notices,
            warnings: ignored.map { "\($0) is ignored: with --config the file counts" }
                + node.flagsWithoutEffect.map { "\($0) has no effect" } + effective.warnings)
    }

    /// In upstream's order.
    private var act: ProxyStart.Act {
        if let path = action.writeConfigTo, !path.isEmpty { return .writeConfiguration(path: path) }
        if action.cleanup?.value == true { return .cleanUp }
        return action.initOnly?.value == true ? .initialise : .run
    }

    private var hostnameOverride: String? {
        get throws(ConfigurationErrors) {
            guard let name = action.hostnameOverride, !name.isEmpty else { return nil }
            guard !name.trimmed.isEmpty else {
                throw ConfigurationErrors(problems: ["--hostname-override: must not be blank"])
            }
            return name.trimmed.lowercased()
        }
    }
}

extension Logger.Level {
    /// klog's verbosity: 2 is what clusters usually run with, 4 is for debugging.
    init(verbosity: UInt32) {
        switch verbosity {
        case 0...1: self = .notice
        case 2...3: self = .info
        case 4...5: self = .debug
        default: self = .trace
        }
    }
}

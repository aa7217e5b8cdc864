/// Which plugin is asked for: the one that does all, or one of the reference plugins whose work it knows. Of those it does what the
/// reference plugin would do with the configuration, and nothing else.
package enum PluginKind: String, Sendable, Hashable, CaseIterable {
    case fairlead = "fairlead-cni"
    case bridge
    case ptp
    case loopback
    case hostLocal = "host-local"
    case portmap
    case bandwidth
    case tuning

    /// - Parameters:
    ///   - program: The name under which the process was started. It counts more than the type: to a plugin that work is delegated
    ///     to, the configuration is that of the plugin that delegates.
    ///   - type: `type` of the configuration.
    package init(program: String, type: String?) {
        let name = program.split(separator: "/").last.map(String.init) ?? ""
        if let kind = PluginKind(rawValue: name), kind != .fairlead {
            self = kind
        } else {
            self = type.flatMap(PluginKind.init(rawValue:)) ?? .fairlead
        }
    }
}

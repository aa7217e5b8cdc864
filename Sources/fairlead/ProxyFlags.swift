import KubeProxyConfig

/// Puts flags into a configuration, and keeps which were given.
struct ProxyFlags {
    var configuration: KubeProxyConfiguration
    /// With their dashes, in the order of the groups.
    private(set) var given: [String] = []

    init(changing configuration: KubeProxyConfiguration) { self.configuration = configuration }

    /// Applies a flag where it was given.
    mutating func take<Value>(
        _ name: String, _ value: Value?, _ apply: (inout KubeProxyConfiguration, Value) -> Void
    ) {
        guard let value else { return }
        given.append("--\(name)")
        apply(&configuration, value)
    }

    /// Applies a flag that may be given several times.
    mutating func take<Element>(
        _ name: String, _ values: [Element], _ apply: (inout KubeProxyConfiguration, [Element]) -> Void
    ) {
        take(name, values.isEmpty ? nil : values, apply)
    }
}

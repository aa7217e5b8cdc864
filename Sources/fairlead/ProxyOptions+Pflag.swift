/// kube-proxy's syntax of flags, which is pflag's, in terms of ArgumentParser's.
extension ProxyOptions {
    /// The flags that take a value only after `=`, and are true without one.
    static let booleanFlags: Set<String> = [
        "bind-address-hard-fail", "cleanup", "conntrack-tcp-be-liberal", "init-only", "ipvs-strict-arp",
        "iptables-localhost-nodeports", "log-json-split-stream", "log-text-split-stream", "masquerade-all", "profiling",
    ]

    /// kube-proxy's flags that take a value, after `=` or as the next argument, whatever that looks like.
    static let valueFlags: Set<String> = [
        "bind-address", "boot-id-file", "cluster-cidr", "config", "config-sync-period", "conntrack-max-per-core",
        "conntrack-min",
        "conntrack-tcp-timeout-close-wait", "conntrack-tcp-timeout-established", "conntrack-udp-timeout",
        "conntrack-udp-timeout-stream", "detect-local-mode", "feature-gates", "healthz-bind-address", "healthz-port",
        "hostname-override", "iptables-masquerade-bit", "iptables-min-sync-period", "iptables-sync-period",
        "ipvs-exclude-cidrs", "ipvs-min-sync-period", "ipvs-scheduler", "ipvs-sync-period", "ipvs-tcp-timeout",
        "ipvs-tcpfin-timeout", "ipvs-udp-timeout", "kube-api-burst", "kube-api-content-type", "kube-api-qps",
        "kubeconfig", "log-flush-frequency", "log-json-info-buffer-size", "log-text-info-buffer-size", "logging-format",
        "machine-id-file", "master", "metrics-bind-address", "metrics-port", "nodeport-addresses", "oom-score-adj",
        "pod-bridge-interface",
        "pod-interface-name-prefix", "proxy-mode", "show-hidden-metrics-for-version", "v", "vmodule", "write-config-to",
    ]

    /// Brings kube-proxy's flags into the one form `--flag=value`. Everything else stays as it is.
    ///
    /// - Parameter arguments: What follows `fairlead proxy`.
    static func normalise(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            guard let (name, value) = flag(argument) else {
                result.append(argument)
                continue
            }
            if booleanFlags.contains(name) {
                result.append("--\(name)=\(value ?? "true")")
            } else if valueFlags.contains(name) {
                guard let value = value ?? rest.popFirst().map({ $0[...] }) else { return result + ["--\(name)"] }
                // ArgumentParser takes nothing after `=` for a value that is missing.
                result += value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
            } else {
                result.append("--\(name)" + (value.map { "=\($0)" } ?? ""))
            }
        }
        return result
    }

    /// A flag's name, with `-` for `_`, and what follows its `=`. Of short flags there is `-v`.
    private static func flag(_ argument: String) -> (name: String, value: Substring?)? {
        if argument.hasPrefix("--") {
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else { return nil }
            let isUnderscore = { (character: Character) in character == "_" }
            return (String(name.map { isUnderscore($0) ? "-" : $0 }), parts.count > 1 ? parts[1] : nil)
        }
        guard argument.hasPrefix("-v") else { return nil }
        let value = argument.dropFirst(2)
        return ("v", value.isEmpty ? nil : value.first == "=" ? value.dropFirst() : value)
    }
}

import FoundationEssentials
import KubeProxyConfig
import Netlink

/// What kube-proxy sets of a node when it starts (k8s pkg/proxy/conntrack/sysctls.go and cmd/kube-proxy/app/server.go).
///
/// What cannot be set is no error, as it is to upstream: in a network namespace that is not the first one
/// nf_conntrack_max is read-only, and Services work all the same.
struct NodeTuning {
    /// Where the kernel's parameters are.
    struct Roots {
        var sysctls = "/proc/sys"
        var sys = "/sys"
        var process = "/proc/self"
    }

    /// What came of it.
    struct Outcome: Equatable {
        /// "net/netfilter/nf_conntrack_max = 262144", for each that had another value.
        var changes: [String] = []
        /// For each that could not be set, with the cause.
        var failures: [String] = []

        /// One line for all failures; nil where there are none.
        var warning: String? {
            failures.isEmpty ? nil : "not all of the node's parameters were set: " + failures.joined(separator: "; ")
        }
    }

    /// The most connections that are asked for, however many CPUs there are.
    static let maximumConnections = 1_048_576

    var roots = Roots()
    /// Counted where /sys does not say how many CPUs are online.
    var fallbackCPUCount = ProcessInfo.processInfo.activeProcessorCount

    /// Sets conntrack's limit, hash table and timeouts. What has its value already is not written.
    func applyConntrack(_ settings: ConntrackSection) -> Outcome {
        var outcome = Outcome()
        let limit = connectionLimit(settings)
        if limit > 0 {
            if set("net/netfilter/nf_conntrack_max", limit, under: roots.sysctls, &outcome) {
                growHashTable(to: limit / 4, &outcome)
            }
        }
        let timeouts = [
            ("tcp_timeout_established", settings.tcpEstablishedTimeout),
            ("tcp_timeout_close_wait", settings.tcpCloseWaitTimeout), ("udp_timeout", settings.udpTimeout),
            ("udp_timeout_stream", settings.udpStreamTimeout),
        ]
        for (name, timeout) in timeouts {
            guard let timeout, timeout > .zero else { continue }
            set("net/netfilter/nf_conntrack_\(name)", Int(timeout.wholeSeconds), under: roots.sysctls, &outcome)
        }
        if settings.tcpBeLiberal {
            set("net/netfilter/nf_conntrack_tcp_be_liberal", 1, under: roots.sysctls, &outcome)
        }
        return outcome
    }

    /// Sets how likely the kernel is to end this process when memory is short. Nil leaves it.
    func applyOOMScore(_ value: Int32?) -> Outcome {
        var outcome = Outcome()
        if let value { set("oom_score_adj", Int(value), under: roots.process, &outcome) }
        return outcome
    }

    /// The number for nf_conntrack_max; 0 to leave it.
    func connectionLimit(_ settings: ConntrackSection) -> Int {
        guard let perCore = settings.maxPerCore, perCore > 0 else { return 0 }
        let scaled = Int(perCore) * cpuCount
        if scaled > Self.maximumConnections { return Self.maximumConnections }
        return max(scaled, Int(settings.min ?? 0))
    }

    /// The CPUs that are online, also where this process may only use some of them (github.com/kubernetes/kubernetes/issues/99225).
    var cpuCount: Int {
        guard let list = try? Sysctl.read("devices/system/cpu/online", under: roots.sys) else {
            return fallbackCPUCount
        }
        var count = 0
        for range in list.split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, ends.count <= 2, first <= last else {
                return fallbackCPUCount
            }
            count += last - first + 1
        }
        return count > 0 ? count : fallbackCPUCount
    }

    /// The kernel does not grow the table with the limit; without that its lists grow.
    private func growHashTable(to buckets: Int, _ outcome: inout Outcome) {
        let name = "module/nf_conntrack/parameters/hashsize"
        do throws(SystemError) {
            let current = try Sysctl.read(name, under: roots.sys)
            if let size = Int(current), size >= buckets { return }
        } catch {
            outcome.failures.append("\(error)")
            return
        }
        set(name, buckets, under: roots.sys, &outcome)
    }

    /// - Returns: Whether the parameter has the value now.
    @discardableResult
    private func set(_ name: String, _ value: Int, under root: String, _ outcome: inout Outcome) -> Bool {
        do throws(SystemError) {
            if (try? Sysctl.read(name, under: root)) == "\(value)" { return true }
            try Sysctl.write(name, "\(value)", under: root)
            outcome.changes.append("\(name) = \(value)")
            return true
        } catch {
            outcome.failures.append("\(name) = \(value): \(error)")
            return false
        }
    }
}

import Netlink

/// What of conntrack is set for the whole network namespace. What is not asked for is left as it is.
package struct ConntrackSettings: Hashable, Sendable {
    /// Name and value of kernel parameters.
    package let values: [String: String]

    package init(invalidPackets: InvalidPackets, counting: TrafficCounting = .off) {
        var values: [String: String] = [:]
        if invalidPackets == .liberal { values["net/netfilter/nf_conntrack_tcp_be_liberal"] = "1" }
        if counting != .off {
            values["net/netfilter/nf_conntrack_acct"] = "1"
            // Of every flow from now on the end will be told, also to the next daemon. At 2, the kernel's default, only of
            // those that begin while somebody listens.
            values["net/netfilter/nf_conntrack_events"] = "1"
        }
        self.values = values
    }

    /// Sets them in the network namespace of the calling thread.
    ///
    /// - Returns: What could not be set, with the parameter and the cause. One that has its value already is not written.
    package func apply() -> [SystemError] {
        values.sorted { $0.key < $1.key }.compactMap { name, value in
            do throws(SystemError) {
                if try Sysctl.read(name) != value { try Sysctl.write(name, value) }
                return nil
            } catch {
                return error
            }
        }
    }
}

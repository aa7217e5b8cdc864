import KubeAPI

/// The problems that exist now, and those nobody has been told of yet.
struct ProblemLedger: Sendable {
    enum Source: Hashable, Sendable {
        case service(ObjectName)
        /// A Service whose frontend another one holds.
        case conflict(ObjectName)
        case endpointSlice(ObjectName)
        case node(ObjectName)
        case serviceCIDR(ObjectName)
        /// A Service whose health check port another one holds.
        case healthCheck(ObjectName)
    }

    private(set) var current: [Source: [ProxyProblem]] = [:]
    private var unreported: [ProxyProblem] = []

    /// Sets what is wrong with `source`. A problem that it had before is not reported again.
    mutating func set(_ problems: [ProxyProblem], for source: Source) {
        if problems.isEmpty {
            if !current.isEmpty { current[source] = nil }
            return
        }
        let known = current.updateValue(problems, forKey: source) ?? []
        unreported += problems.filter { !known.contains($0) }
    }

    /// What has come up since the last call.
    mutating func takeUnreported() -> [ProxyProblem] {
        defer { unreported = [] }
        return unreported
    }
}

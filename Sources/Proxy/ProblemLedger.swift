/// The problems that exist now, and those nobody has been told of yet.
struct ProblemLedger: Sendable {
    enum Source: Hashable, Sendable {
        case service(ObjectKey)
        /// A Service whose frontend another one holds.
        case conflict(ObjectKey)
        case endpointSlice(ObjectKey)
        case node(ObjectKey)
        case serviceCIDR(ObjectKey)
        /// A Service whose health check port another one holds.
        case healthCheck(ObjectKey)
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

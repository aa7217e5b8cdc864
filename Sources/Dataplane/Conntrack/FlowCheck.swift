import Net
import Netlink

/// Which flows have to be looked at, after a change.
struct FlowCheck: Hashable, Sendable {
    /// Frontends that are, and that were until now.
    var frontends: Set<Frontend> = []
    /// Former NodePort addresses.
    var formerAddresses: Set<IPAddress> = []
    /// The flows of all frontends: it is not known what happened before.
    var everything = false

    var isEmpty: Bool { frontends.isEmpty && !everything }

    mutating func formUnion(_ other: FlowCheck) {
        frontends.formUnion(other.frontends)
        formerAddresses.formUnion(other.formerAddresses)
        everything = everything || other.everything
    }
}

extension FlowCheck {
    /// What has to be looked at when a service port changes from `old` to `new`.
    ///
    /// An endpoint more makes no flow wrong. One less may; so may the first one, for flows that began before it and went
    /// nowhere, and so may a frontend that comes or goes.
    init(old: FlowTarget?, new: FlowTarget?) {
        let former = old?.frontends ?? []
        let current = new?.frontends ?? []
        frontends = former.symmetricDifference(current)
        guard let old, let new else { return }
        if !old.endpoints.isSubset(of: new.endpoints) || old.endpoints.isEmpty && !new.endpoints.isEmpty {
            frontends.formUnion(current)
        }
    }

    /// Up to so many frontends are asked for one by one: each list makes the kernel walk its table, and none sends what
    /// is not wanted. For more, all flows of their protocol are listed at once.
    static let singleFrontendLimit = 16

    /// What to ask the kernel for. TCP and SCTP flows matter only where they were sent elsewhere.
    ///
    /// - Parameter known: all frontends that are.
    func filters(known: some Sequence<Frontend>) -> [ConntrackFilter] {
        guard everything || frontends.count > Self.singleFrontendLimit else {
            return frontends.map {
                ConntrackFilter(
                    $0.family, $0.protocol, destination: $0.address, destinationPort: $0.port,
                    onlyTranslated: $0.protocol != .udp)
            }
        }
        var wide: Set<ConntrackFilter> = []
        let add = { (frontend: Frontend) in
            _ = wide.insert(
                ConntrackFilter(frontend.family, frontend.protocol, onlyTranslated: frontend.protocol != .udp))
        }
        frontends.forEach(add)
        if everything { known.forEach(add) }
        return Array(wide)
    }
}

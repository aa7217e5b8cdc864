import Net

/// A way to make the kernel do what is desired: nftables now, iptables and IPVS beside it.
///
/// Architecture invariant: a back end is owned by the sync thread, decides nothing about Kubernetes, and keeps what
/// the kernel has acknowledged, so that it never lists the kernel's state to sync.
package protocol DataplaneBackend: ~Copyable {
    /// Brings the kernel from what it last acknowledged to `desired`, in one transaction.
    ///
    /// - Parameter dirty: what may differ. `.everything` replaces whatever the kernel has, without an interruption.
    /// - Throws: `CommitFailure`; the kernel then still has what it had, and so does the back end's memory.
    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport
}

/// The state that the kernel should have.
package struct DesiredState: Sendable {
    package var servicePorts: [ServicePortName: ServicePort] = [:]
    package var node = NodeState()

    package init() {}
}

/// What may differ between the desired state and the kernel's.
package struct Dirty: Sendable {
    /// The kernel's state is not known: write all of it.
    package var everything: Bool
    package var servicePorts: Set<ServicePortName>
    /// `DesiredState.node`.
    package var node: Bool

    package init(everything: Bool = false, servicePorts: Set<ServicePortName> = [], node: Bool = false) {
        self.everything = everything
        self.servicePorts = servicePorts
        self.node = node
    }

    package static var everything: Dirty { Dirty(everything: true) }
    package static var nothing: Dirty { Dirty() }

    package var isEmpty: Bool { !everything && servicePorts.isEmpty && !node }
}

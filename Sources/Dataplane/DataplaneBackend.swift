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

    /// Can be read when others have changed something in the kernel: `heal()` follows. Nil when nobody tells of it.
    var newsDescriptor: Int32? { get }

    /// Looks at what others have changed, and writes what they have damaged of what was committed.
    mutating func heal() -> RepairOutcome

    /// Looks at what the kernel has of a service port, after it has refused a change of it.
    ///
    /// - Returns: whether that is what was committed, so that the change itself is what the kernel refuses.
    mutating func isIntact(_ name: ServicePortName) -> Bool

    /// Starts to compare all that is in the kernel with what was committed. What is wrong is found and repaired by the
    /// calls of `verify` and `heal` that follow.
    ///
    /// - Parameter isUrgent: something is known to be wrong, or somebody waits: without pauses.
    mutating func beginVerification(isUrgent: Bool)

    /// Goes on with the comparison for about so long.
    mutating func verify(forNanoseconds budget: UInt64) -> VerificationStep
}

/// What came of a look at what others did.
package enum RepairOutcome: Sendable {
    case nothing
    case repaired(RepairReport)
    /// What is there cannot be repaired piece by piece: everything is to be written.
    case everything(RepairReport)
    /// It is too early: at this time of `MonotonicClock`.
    case later(UInt64)
}

/// How far a verification is.
package enum VerificationStep: Sendable {
    case none
    case more(isUrgent: Bool)
    case done(VerificationReport)
}

extension DataplaneBackend where Self: ~Copyable {
    package var newsDescriptor: Int32? { nil }
    package mutating func heal() -> RepairOutcome { .nothing }
    package mutating func isIntact(_ name: ServicePortName) -> Bool { false }
    package mutating func beginVerification(isUrgent: Bool) {}
    package mutating func verify(forNanoseconds budget: UInt64) -> VerificationStep { .none }
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

import Net
import Netlink

/// Holds what is desired and what is still to be written, and gets it into the kernel through a back end.
///
/// Architecture invariant: nothing that was desired is forgotten because a commit failed. What the kernel refuses by
/// name is set aside, reported, and tried again when it changes; everything else is written.
package struct Reconciler<Backend: DataplaneBackend & ~Copyable & Sendable>: ~Copyable, Sendable {
    private var backend: Backend
    private var desired = DesiredState()
    private var dirty = Dirty.everything
    /// What the kernel refused: left out of `desired` until its next change.
    package private(set) var refused: [ServicePortName: ServicePort] = [:]
    private var failures = 0
    private let flows: FlowKeeper?
    private let maximumRetryMilliseconds: Int
    /// What is told once everything has been written because of others.
    private var pendingRepair: RepairReport?
    private var refusedRetry = RefusedRetry()
    /// What was said of those that are refused, once for as long as it lasts.
    private var toldRefusals: [ServicePortName: String] = [:]

    /// - Parameters:
    ///   - flows: told of what the kernel acknowledged, and only then.
    ///   - maximumRetryMilliseconds: the longest pause that a failure of a commit asks for.
    package init(
        _ backend: consuming Backend, flows: FlowKeeper? = nil,
        maximumRetryMilliseconds: Int = SyncTiming().syncPeriodMilliseconds
    ) {
        self.backend = backend
        self.maximumRetryMilliseconds = maximumRetryMilliseconds
        self.flows = flows
    }

    /// Whether something waits to be written.
    package var hasWork: Bool { !dirty.isEmpty }

    /// What it has, without the record and `isSynced`, which it does not know.
    package var snapshot: SyncSnapshot {
        var snapshot = SyncSnapshot()
        snapshot.desired = desired
        snapshot.refused = refused
        snapshot.programmed = backend.programmed
        snapshot.hasUnwrittenChanges = hasWork
        return snapshot
    }

    /// Takes changes into the desired state.
    package mutating func accept(_ changes: DesiredChanges) {
        for (name, port) in changes.servicePorts {
            desired.servicePorts[name] = port
            if refused.removeValue(forKey: name) != nil { refusedRetry.changed() }
            if !toldRefusals.isEmpty { toldRefusals[name] = nil }
            if !dirty.everything { dirty.servicePorts.insert(name) }
        }
        if let node = changes.node, node != desired.node {
            desired.node = node
            dirty.node = true
        }
    }

    /// Writes what is dirty. On failure it stays so.
    ///
    /// An incremental commit that fails says that the kernel is not as we left it, so everything is written at once;
    /// only when that fails too is there a pause.
    ///
    /// - Parameter refusal: called for each service port that the kernel refused and that was set aside.
    package mutating func commit(refusal: (CommitFailure) -> Void) throws(CommitFailure) -> CommitReport {
        while true {
            do {
                var report = try backend.commit(dirty, desired: desired)
                report.refusedServicePorts = refused.count
                flows?.committed(dirty, desired, refused: refused)
                dirty = .nothing
                failures = 0
                if refused.isEmpty { toldRefusals = [:] }
                return report
            } catch {
                if !dirty.everything {
                    if let name = error.servicePort, backend.isIntact(name),
                        let port = desired.servicePorts.removeValue(forKey: name)
                    {
                        // The kernel is as it was left, so it is this one: the others need not be written anew for it.
                        setAside(name, port, error, refusal)
                    } else {
                        dirty = .everything
                    }
                } else if let name = error.servicePort, let port = desired.servicePorts.removeValue(forKey: name) {
                    setAside(name, port, error, refusal)
                } else {
                    failures += 1
                    var failure = error
                    failure.retryMilliseconds = min(100 << min(failures - 1, 10), maximumRetryMilliseconds)
                    throw failure
                }
            }
        }
    }

    private mutating func setAside(
        _ name: ServicePortName, _ port: ServicePort, _ error: CommitFailure, _ refusal: (CommitFailure) -> Void
    ) {
        refused[name] = port
        // What the kernel has of it by now goes.
        if !dirty.everything { dirty.servicePorts.insert(name) }
        if toldRefusals.updateValue(error.description, forKey: name) != error.description { refusal(error) }
        refusedRetry.refused(at: MonotonicClock.nanoseconds)
    }

    // MARK: Refused service ports

    /// When what was refused is tried again by itself, as the cause may have gone; nil while there is nothing.
    package var refusedRetryNanoseconds: UInt64? { refused.isEmpty ? nil : refusedRetry.atNanoseconds }

    /// Takes what was refused into the desired state once more.
    package mutating func retryRefused() {
        for (name, port) in refused {
            desired.servicePorts[name] = port
            if !dirty.everything { dirty.servicePorts.insert(name) }
        }
        refused = [:]
    }

    // MARK: Others

    /// Repairs what others have damaged of what was written, where that needs less than to write everything.
    ///
    /// - Parameter report: called once it is repaired.
    /// - Returns: when to call again, where it is too early.
    package mutating func heal(_ report: (RepairReport) -> Void) -> UInt64? {
        switch backend.heal() {
        case .nothing: return nil
        case .repaired(let repaired): report(repaired)
        case .later(let time): return time
        case .everything(let damage):
            dirty.everything = true
            pendingRepair = damage
        }
        return nil
    }

    /// What was repaired by writing everything, once after the commit that did it.
    package mutating func takeRepair(_ commit: CommitReport) -> RepairReport? {
        guard var report = pendingRepair else { return nil }
        pendingRepair = nil
        report.repairedCount = commit.elements
        report.durationNanoseconds += commit.durationNanoseconds
        return report
    }

    package mutating func beginVerification(isUrgent: Bool) { backend.beginVerification(isUrgent: isUrgent) }

    package mutating func verify(forNanoseconds budget: UInt64) -> VerificationStep {
        backend.verify(forNanoseconds: budget)
    }
}

/// When service ports that the kernel refused are tried again: after a second, then twice as long each time.
private struct RefusedRetry: Sendable {
    private static let firstDelayNanoseconds: UInt64 = 1_000_000_000
    private static let maximumDelayNanoseconds: UInt64 = 60_000_000_000

    private var delayNanoseconds: UInt64 = 0
    private(set) var atNanoseconds: UInt64 = 0

    mutating func refused(at now: UInt64) {
        // Several of one attempt wait for the same time.
        guard atNanoseconds <= now else { return }
        delayNanoseconds = min(max(delayNanoseconds * 2, Self.firstDelayNanoseconds), Self.maximumDelayNanoseconds)
        atNanoseconds = now + delayNanoseconds
    }

    /// What was refused is another one now.
    mutating func changed() { self = RefusedRetry() }
}

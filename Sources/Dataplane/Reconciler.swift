import Net

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

    /// - Parameter flows: told of what the kernel acknowledged, and only then.
    package init(_ backend: consuming Backend, flows: FlowKeeper? = nil) {
        self.backend = backend
        self.flows = flows
    }

    /// Whether something waits to be written.
    package var hasWork: Bool { !dirty.isEmpty }

    /// Takes changes into the desired state.
    package mutating func accept(_ changes: DesiredChanges) {
        for (name, port) in changes.servicePorts {
            desired.servicePorts[name] = port
            refused[name] = nil
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
                let report = try backend.commit(dirty, desired: desired)
                flows?.committed(dirty, desired, refused: refused)
                dirty = .nothing
                failures = 0
                return report
            } catch {
                if !dirty.everything {
                    dirty = .everything
                } else if let name = error.servicePort, let port = desired.servicePorts.removeValue(forKey: name) {
                    refused[name] = port
                    refusal(error)
                } else {
                    failures += 1
                    var failure = error
                    failure.retryMilliseconds = min(100 << min(failures - 1, 10), 30_000)
                    throw failure
                }
            }
        }
    }
}

import Net

/// Where the sync thread takes desired state from: the proxy, or a test.
///
/// All of it is called on the sync thread. The source announces work by calling `SyncThread.wake()`.
package protocol ChangeSource: AnyObject, Sendable {
    /// Everything that has changed since the last call; nil while the source has not yet heard of everything there
    /// is, so that nothing may be written (rules of an earlier daemon stay). Called once per wake-up; never blocks.
    func takeChanges() -> DesiredChanges?

    /// The node's addresses as the kernel has them now: called at start and after each change. What follows from it
    /// comes with the next `takeChanges()`.
    func localAddressesChanged(_ addresses: [LocalAddress])

    /// The kernel acknowledged what the last `takeChanges()` returned.
    func committed(_ report: CommitReport)

    /// The kernel refused all: the changes are kept, and tried again after `retryMilliseconds`. With a service port
    /// and no delay: that one was set aside until it changes, the rest goes on.
    func commitFailed(_ failure: CommitFailure)

    /// Others had changed what we keep in the kernel; it is as it should be again.
    func repaired(_ report: RepairReport)
}

extension ChangeSource {
    package func repaired(_ report: RepairReport) {}
}

/// An address of this network namespace.
package struct LocalAddress: Hashable, Sendable {
    package let address: IPAddress
    package let prefixLength: Int
    package let interfaceIndex: Int
    /// The interface has the family's default route.
    package let hasDefaultRoute: Bool

    package init(
        address: IPAddress, prefixLength: Int, interfaceIndex: Int, hasDefaultRoute: Bool
    ) {
        self.address = address
        self.prefixLength = prefixLength
        self.interfaceIndex = interfaceIndex
        self.hasDefaultRoute = hasDefaultRoute
    }
}

/// What one commit was.
package struct CommitReport: Sendable {
    /// The whole state was written, not only changes.
    package var isFull: Bool
    /// Service ports that were written or removed.
    package var servicePorts: Int
    /// Elements added plus removed.
    package var elements: Int
    package var bytes: Int
    /// From planning to the kernel's acknowledgement.
    package var durationNanoseconds: UInt64
    /// The kernel's part of it.
    package var kernelNanoseconds: UInt64 = 0
    /// The families whose tables it was about.
    package var families: Set<IPFamily> = []
    /// The families whose chains and sets to which nothing leads any more could not be deleted: the next commit tries again.
    package var cleanupFailures: Set<IPFamily> = []
    /// Service ports that the kernel refuses: left out, and tried again later.
    package var refusedServicePorts = 0

    package init(isFull: Bool, servicePorts: Int, elements: Int, bytes: Int, durationNanoseconds: UInt64 = 0) {
        self.isFull = isFull
        self.servicePorts = servicePorts
        self.elements = elements
        self.bytes = bytes
        self.durationNanoseconds = durationNanoseconds
    }
}

/// Why a commit did not happen.
package struct CommitFailure: Error, Sendable, CustomStringConvertible {
    /// The service port whose object the kernel refused, where that is known.
    package var servicePort: ServicePortName?
    /// The object and the kernel's words.
    package var description: String
    package var retryMilliseconds: Int

    package init(servicePort: ServicePortName?, description: String, retryMilliseconds: Int) {
        self.servicePort = servicePort
        self.description = description
        self.retryMilliseconds = retryMilliseconds
    }
}

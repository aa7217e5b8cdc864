import Proxy

/// What tells the proxy of the cluster's objects.
protocol ObjectSource: Sendable {
    /// Hands over all objects that there are, says that these are all, and goes on with every change until the task is
    /// cancelled.
    ///
    /// - Throws: `CancellationError`, or why nothing more will come.
    func feed(_ proxy: ServiceProxy) async throws
}

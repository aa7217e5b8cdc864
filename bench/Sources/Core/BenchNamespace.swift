import BenchReport
import KubeAPI
import NIOCore

/// A Namespace that a measurement makes for itself, with a name that nobody has, and Nodes that are labelled with it.
struct BenchNamespace: Hashable, Sendable {
    /// The label, and the taint, of its Nodes; the value is its name.
    static let label = "fairlead-bench"

    let name = "fairlead-bench-\(String(UInt32.random(in: 1 << 24 ... .max), radix: 36))"

    /// Of the core's resources in it.
    var path: String { "/api/v1/namespaces/\(name)" }

    /// - Parameter group: with its version.
    func path(in group: String) -> String { "/apis/\(group)/namespaces/\(name)" }

    /// Deletes it with all that is in it, and its Nodes, and waits until it has gone. Where nothing but an API server runs, nobody ends a
    /// Namespace: then this does.
    ///
    /// - Throws: `BenchmarkError` where it stays, or the connection's errors.
    func remove(with clients: APIClients) async throws {
        let rootCertificates = try await clients.connection.send("GET", "\(path)/configmaps/kube-root-ca.crt").get()
        let hasControllers = rootCertificates.status == 200
        // First, so that nothing is made in it any more. 409: it is being deleted.
        let deletion = try await clients.connection.send("DELETE", path).get()
        guard deletion.status != 404 else { return }
        if deletion.status != 409 { try deletion.check("DELETE \(path)") }
        // Whoever may not delete them has not made any.
        _ = try await clients.connection.send("DELETE", "/api/v1/nodes?labelSelector=\(Self.label)%3D\(name)").get()
        for collection in [
            "\(path(in: "apps/v1"))/deployments", "\(path(in: "apps/v1"))/replicasets", "\(path)/pods",
            "\(path)/services", "\(path(in: "discovery.k8s.io/v1"))/endpointslices", "\(path)/configmaps",
            "\(path)/serviceaccounts",
        ] {
            _ = try await clients.connection.send("DELETE", "\(collection)?gracePeriodSeconds=0").get()
        }
        if try await hasGone(clients, within: .seconds(hasControllers ? 120 : 3)) { return }
        guard !hasControllers else { throw BenchmarkError(description: "Namespace \(name) is there after two minutes") }
        try await finalize(clients)
        guard try await hasGone(clients, within: .seconds(10)) else {
            throw BenchmarkError(description: "Namespace \(name) has no finalizers any more, and is there")
        }
    }

    /// What a namespace controller does at the end.
    private func finalize(_ clients: APIClients) async throws {
        let current = try await clients.send("GET", path, allowing: 404)
        guard current.status != 404 else { return }
        var object = try JSONValue(json: Array(current.body.readableBytesView))
        object["spec"] = ["finalizers": []]
        try await clients.send("PUT", "\(path)/finalize", object, allowing: 404)
    }

    private func hasGone(_ clients: APIClients, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if try await clients.send("GET", path, allowing: 404).status == 404 { return true }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }
}

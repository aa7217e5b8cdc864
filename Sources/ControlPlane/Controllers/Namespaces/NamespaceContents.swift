import APIMachinery
import KubeAPI

/// Gives each namespace what every namespace has: ServiceAccount `default` (pkg/controller/serviceaccount) and ConfigMap
/// `kube-root-ca.crt` (pkg/controller/certificates/rootcacertpublisher).
final class NamespaceContents: Controller {
    private static let accountName = "default"
    private static let configName = "kube-root-ca.crt"
    private static let description =
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
        + "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of "
        + "Kubernetes clusters."

    private let context: ControllerContext
    private let namespaces: ObjectCache<Unstructured>
    private let rootCertificate: String?
    private let queue: WorkQueue<String>

    /// - Parameter rootCertificate: the CA in PEM; nil where there is none to tell.
    init(_ context: ControllerContext, namespaces: ObjectCache<Unstructured>, rootCertificate: String?) {
        self.context = context
        self.namespaces = namespaces
        self.rootCertificate = rootCertificate
        let queue = context.queue(of: String.self)
        self.queue = queue
        context.feed.subscribe(.namespaces) { queue.add($0.name.name) }
        context.feed.subscribe(.serviceAccounts) { change in
            if change.isGone, change.name.name == Self.accountName { queue.add(change.name.namespace) }
        }
        context.feed.subscribe(.configMaps) { if $0.name.name == Self.configName { queue.add($0.name.namespace) } }
    }

    func run() async throws {
        try await context.runner("namespace-contents", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private func reconcile(_ name: String) async throws(Status) {
        guard let namespace = namespaces[ObjectName(namespace: "", name: name)], namespace.deletionTimestamp == nil
        else { return }
        do {
            let account = ObjectName(namespace: name, name: Self.accountName)
            if try await context.client.find(.serviceAccounts, account) == nil {
                _ = try await context.client.create(
                    Unstructured(.serviceAccounts, namespace: name, name: Self.accountName), in: .serviceAccounts)
            }
            try await publish(in: name)
        } catch {
            if !error.isAboutEndingNamespace, error.reason != "AlreadyExists" { throw error }
        }
    }

    private func publish(in namespace: String) async throws(Status) {
        guard let rootCertificate else { return }
        let name = ObjectName(namespace: namespace, name: Self.configName)
        let current = try await context.client.find(.configMaps, name)
        var object = current ?? Unstructured(.configMaps, namespace: namespace, name: Self.configName)
        object["data"] = ["ca.crt": .string(rootCertificate)]
        object.annotations["kubernetes.io/description"] = Self.description
        if current == nil {
            _ = try await context.client.create(object, in: .configMaps)
        } else if object != current {
            _ = try await context.client.update(object, in: .configMaps, subresource: nil)
        }
    }
}

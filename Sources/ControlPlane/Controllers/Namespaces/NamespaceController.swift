import APIMachinery
import KubeAPI
import Synchronization

/// Empties a Namespace that is being deleted, and lets it go when nothing is left (pkg/controller/namespace).
final class NamespaceController: Controller {
    /// What is left of a namespace's contents.
    private struct Remainder {
        var counts: [String: Int] = [:]
        var finalizers: [String: Int] = [:]
        var failures: [String] = []

        var isEmpty: Bool { counts.isEmpty && failures.isEmpty }
    }

    /// What conditions say of a deletion without trouble, in upstream's order.
    private static let fine = [
        ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
        (
            "NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions",
            "All legacy kube types successfully parsed"
        ),
        (
            "NamespaceDeletionContentFailure", "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization"
        ),
        ("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
        ("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
    ]
    private static let contentFailure = "NamespaceDeletionContentFailure"

    private let context: ControllerContext
    private let namespaces: ObjectCache<Unstructured>
    private let kinds: [Resource]
    private let queue: WorkQueue<String>
    /// The namespaces that are being deleted.
    private let ending = Mutex<Set<String>>([])

    /// - Parameter kinds: all that a namespace may contain.
    init(_ context: ControllerContext, namespaces: ObjectCache<Unstructured>, kinds: [Resource]) {
        self.context = context
        self.namespaces = namespaces
        self.kinds = kinds
        queue = context.queue()
        context.feed.subscribe(.namespaces) { [self] change in
            let isEnding = !change.isGone && change.object.deletionTimestamp != nil
            ending.withLock { names in
                if isEnding { names.insert(change.name.name) } else { names.remove(change.name.name) }
            }
            if isEnding { queue.add(change.name.name) }
        }
        for kind in kinds {
            context.feed.subscribe(kind) { [self] change in
                if change.isGone, ending.withLock({ $0.contains(change.name.namespace) }) {
                    queue.add(change.name.namespace)
                }
            }
        }
    }

    func run() async throws {
        try await context.runner("namespace", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private func reconcile(_ name: String) async throws(Status) {
        guard let namespace = namespaces[ObjectName(namespace: "", name: name)], namespace.deletionTimestamp != nil,
            !namespace.tree.list(at: "spec", "finalizers").isEmpty
        else { return }
        let rest = await empty(name)
        let written = try await context.writeStatus(describe(rest, namespace), was: namespace, in: .namespaces)
        guard rest.isEmpty else {
            if !rest.failures.isEmpty {
                throw Status(code: 500, reason: "InternalError", message: rest.failures.joined(separator: "; "))
            }
            return
        }
        var done = written
        done[["spec", "finalizers"]] = .array(
            namespace.tree.list(at: "spec", "finalizers").filter { $0.string != "kubernetes" })
        do {
            _ = try await context.client.update(done, in: .namespaces, subresource: "finalize")
        } catch {
            if error.code != 404 { throw error }
        }
    }

    /// Deletes everything, and looks what is left.
    private func empty(_ name: String) async -> Remainder {
        var rest = Remainder()
        for kind in kinds {
            do throws(Status) {
                for object in try await context.client.list(kind, namespace: name) where object.deletionTimestamp == nil
                {
                    try await context.delete(
                        kind, object.objectName, DeletionOptions(propagation: .background, uid: object.uid))
                }
                let left = try await context.client.list(kind, namespace: name)
                if left.isEmpty { continue }
                rest.counts["\(kind.plural).\(kind.group)"] = left.count
                for finalizer in left.flatMap(\.finalizers) { rest.finalizers[finalizer, default: 0] += 1 }
            } catch {
                rest.failures.append(error.message)
            }
        }
        return rest
    }

    private func describe(_ rest: Remainder, _ namespace: Unstructured) -> Unstructured {
        var written = namespace
        var conditions = namespace.tree.list(at: "status", "conditions")
        for (type, reason, message) in Self.fine {
            var (status, reason, message) = ("False", reason, message)
            if type == "NamespaceContentRemaining", !rest.counts.isEmpty {
                let parts = rest.counts.map { "\($0.key) has \($0.value) resource instances" }.sorted()
                (status, reason) = ("True", "SomeResourcesRemain")
                message = "Some resources are remaining: \(parts.joined(separator: ", "))"
            } else if type == "NamespaceFinalizersRemaining", !rest.finalizers.isEmpty {
                let parts = rest.finalizers.map { "\($0.key) in \($0.value) resource instances" }.sorted()
                (status, reason) = ("True", "SomeFinalizersRemain")
                message = "Some content in the namespace has finalizers remaining: \(parts.joined(separator: ", "))"
            } else if type == Self.contentFailure, !rest.failures.isEmpty {
                (status, reason) = ("True", "ContentDeletionFailed")
                message =
                    "Failed to delete all resource types, \(rest.failures.count) remaining: "
                    + rest.failures.sorted().joined(separator: ", ")
            }
            let index = conditions.firstIndex { $0.text(at: "type") == type }
            var condition: JSONValue = [
                "type": .string(type), "status": .string(status), "reason": .string(reason),
                "message": .string(message),
            ]
            let old = index.map { conditions[$0] }
            let time = JSONValue.string(context.clock.now.wholeSeconds.text)
            condition["lastTransitionTime"] = old?.text(at: "status") == status ? old?["lastTransitionTime"] : time
            if let index { conditions[index] = condition } else { conditions.append(condition) }
        }
        written.setStatus("conditions", .array(conditions))
        return written
    }
}

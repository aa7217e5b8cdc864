import APIMachinery
import KubeAPI

/// The templates that a DaemonSet or StatefulSet has had, which `kubectl rollout history` and `undo` read
/// (pkg/controller/history).
struct ControllerRevisions: Sendable {
    let context: ControllerContext

    /// The hash of the current template. Its revision is made where it is missing, made the latest where it is an earlier
    /// one again, and what is more than the history may have is deleted.
    func current(of owner: Unstructured) async throws(Status) -> String {
        let template = owner.tree[["spec", "template"]] ?? .null
        let hash = PodTemplate.hash(template, collisions: owner.tree.int(at: "status", "collisionCount"))
        let all = try await context.client.list(.controllerRevisions, namespace: owner.namespace)
            .filter { $0.controllerOwner?.uid == owner.uid }
            .sorted { ($0.tree.int(at: "revision") ?? 0, $0.name) < ($1.tree.int(at: "revision") ?? 0, $1.name) }
        let next = (all.last?.tree.int(at: "revision") ?? 0) + 1
        if var known = all.first(where: { $0.labels[DaemonPods.hashLabel] == hash }) {
            if known.name != all.last?.name {
                known["revision"] = JSONValue(next)
                _ = try await context.client.update(known, in: .controllerRevisions, subresource: nil)
            }
        } else {
            var revision = Unstructured(
                .controllerRevisions, namespace: owner.namespace, name: "\(owner.name)-\(hash)")
            var labels = template.map(at: "metadata", "labels")
            labels[DaemonPods.hashLabel] = hash
            revision.labels = labels
            revision.annotations = owner.annotations.filter {
                $0.key != "kubectl.kubernetes.io/last-applied-configuration"
            }
            revision.ownerReferences = [owner.asController]
            var data = template
            data["$patch"] = "replace"
            revision["data"] = ["spec": ["template": data]]
            revision["revision"] = JSONValue(next)
            _ = try await context.client.create(revision, in: .controllerRevisions)
        }
        let limit = owner.tree.int(at: "spec", "revisionHistoryLimit") ?? 10
        let used = Set(context.pods.pods(ownedBy: owner.uid).compactMap { $0.labels[DaemonPods.hashLabel] } + [hash])
        let unused = all.filter { !used.contains($0.labels[DaemonPods.hashLabel] ?? "") }
        for revision in unused.prefix(max(0, unused.count - limit)) {
            try await context.delete(.controllerRevisions, revision.objectName)
        }
        return hash
    }
}

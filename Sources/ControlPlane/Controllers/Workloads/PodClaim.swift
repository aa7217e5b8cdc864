import APIMachinery
import KubeAPI

/// Makes the Pods that a controller selects its own, and lets those go that it does not select any more (upstream's
/// `PodControllerRefManager`).
struct PodClaim: Sendable {
    let client: any ObjectClient
    let pods: PodCache

    /// The Pods that are the owner's, after that.
    func claim(for owner: Unstructured, selector: Selector) async throws(Status) -> [PodRecord] {
        let owned = pods.pods(ownedBy: owner.uid)
        for pod in owned where !selector.matches(pod.labels) && owner.deletionTimestamp == nil {
            try await edit(pod) { tree in
                tree.ownerReferences = tree.ownerReferences.filter { $0.text(at: "uid") != owner.uid }
            }
        }
        if owner.deletionTimestamp == nil {
            for pod in pods.orphans(in: owner.namespace)
            where selector.matches(pod.labels) && pod.deleted == nil && !pod.isTerminal {
                try await edit(pod) { tree in
                    guard tree.controllerReference == nil else { return }
                    tree.ownerReferences.append(owner.asController)
                }
            }
        }
        return pods.pods(ownedBy: owner.uid).filter { selector.matches($0.labels) }.sorted { $0.name < $1.name }
    }

    private func edit(_ pod: PodRecord, _ change: (inout Unstructured) -> Void) async throws(Status) {
        guard var tree = try await client.find(.pods, pod.name), tree.uid == pod.uid else { return }
        change(&tree)
        _ = try await client.update(tree, in: .pods, subresource: nil)
    }
}

import KubeAPI

extension Resource {
    /// `/api/v1/services`, `/apis/events.k8s.io/v1/namespaces/default/events`.
    func collectionPath(namespace: String? = nil) -> String {
        let root = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        return "\(root)\(namespace.map { "/namespaces/\($0)" } ?? "")/\(plural)"
    }
}

import KubeAPI

/// What one scan has found.
struct ManifestChange {
    /// The files that were read.
    var contents: [String: ManifestContent] = [:]
    /// The objects that a changed file declares or declared.
    var touched: Set<ObjectKey> = []
    var removedFiles = 0

    var isEmpty: Bool { contents.isEmpty && removedFiles == 0 }
}

extension ObjectKey {
    /// The order in which objects are applied: what others refer to first, then by name.
    static func isAppliedBefore(_ left: ObjectKey, _ right: ObjectKey) -> Bool {
        left.rank == right.rank ? left.namespacedName < right.namespacedName : left.rank < right.rank
    }

    private var rank: Int {
        switch type {
        case is Namespace.Type: 0
        case is Node.Type: 1
        case is KubeAPI.Service.Type: 2
        case is Pod.Type: 3
        default: 4
        }
    }
}

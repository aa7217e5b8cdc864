import KubeAPI

/// Who wrote which field of an object (`metadata.managedFields`).
enum ManagedFields {
    /// Called by every write that makes or replaces an object, before its rules are checked. Nobody is kept track of: what a
    /// client says of it is not kept either, as none could rely on it.
    static func update(_ object: inout Unstructured, replacing old: Unstructured?, _ options: WriteOptions) {
        if object["metadata"]?["managedFields"] != nil { object[["metadata", "managedFields"]] = nil }
    }
}

import KubeAPI

/// Who owns the number of replicas, seen through the subresource `scale`, whose objects have fields of their own
/// (k8s.io/apimachinery util/managedfields `ScaleHandler`).
extension ManagedFields {
    private static let replicas = FieldSet(fields: "spec.replicas")
    private static let path: [FieldElement] = [.field("spec"), .field("replicas")]

    /// Of an object's entries those that own the number, as entries of its scale.
    ///
    /// - Parameter version: of scales.
    package func ofScale(_ version: String) -> ManagedFields {
        var scale = ManagedFields()
        for (writer, entry) in entries where entry.fields.contains(Self.path) {
            scale.entries[writer.with(version)] = Entry(apiVersion: version, time: entry.time, fields: Self.replicas)
        }
        return scale
    }

    /// Takes over who owns the number from the entries of the scale: who owns it no more loses it, who is new gains it.
    ///
    /// - Parameters:
    ///   - version: of the object.
    ///   - scaleVersion: of scales.
    package mutating func take(_ scale: ManagedFields, version: String, scaleVersion: String) {
        var new = scale.entries.filter { $0.value.fields.contains(Self.path) }
        for (writer, entry) in entries where entry.fields.contains(Self.path) {
            guard new.removeValue(forKey: writer.with(scaleVersion)) == nil else { continue }
            let left = entry.fields.subtracting(Self.replicas)
            entries[writer] = left.isEmpty ? nil : Entry(apiVersion: entry.apiVersion, time: entry.time, fields: left)
        }
        for (writer, entry) in new {
            let own = Writer(
                manager: writer.manager, operation: writer.operation, apiVersion: version, subresource: "scale")
            let before = entries[own]?.fields ?? FieldSet()
            entries[own] = Entry(apiVersion: version, time: entry.time, fields: before.union(Self.replicas))
        }
    }
}

extension ManagedFields.Writer {
    fileprivate func with(_ version: String) -> Self {
        Self(manager: manager, operation: operation, apiVersion: version, subresource: subresource)
    }
}

import KubeAPI
import Manifest

/// What a manifest file holds: its objects, and what is wrong with the rest.
struct ManifestContent: Sendable {
    /// Of two with the same key, the first.
    let objects: [ObjectKey: any KubernetesObject]
    /// In one line each.
    let problems: [String]
    /// The references of the objects that could not be loaded: "Service default/web".
    private let broken: Set<String>
    /// Whether a part of the file is so broken that its objects are not known.
    private let isPartlyUnknown: Bool

    init(path: String) {
        let file = ManifestFile(path: path)
        var objects: [ObjectKey: any KubernetesObject] = [:]
        var problems = file.errors.map(\.description)
        for entry in file.objects {
            let object = entry.object.object
            let key = ObjectKey(of: object)
            if objects[key] == nil {
                objects[key] = object
            } else {
                problems.append("\(path), document \(entry.document) (\(key)): declared twice in this file; ignored")
            }
        }
        self.objects = objects
        self.problems = problems
        broken = Set(file.errors.compactMap(\.object))
        isPartlyUnknown = file.errors.contains { $0.object?.contains(" ") != true }
    }

    /// What the file declares: its objects, and of what it declared before that which it may still mean to.
    func keys(before: Set<ObjectKey>) -> Set<ObjectKey> {
        let kept = isPartlyUnknown ? before : before.filter(isBroken)
        return kept.union(objects.keys)
    }

    private func isBroken(_ key: ObjectKey) -> Bool {
        broken.contains(key.description)
            || key.namespace == ManifestFile.defaultNamespace
                && broken.contains("\(key.type.resource.kind) \(key.name)")
    }
}

import APIMachinery
import KubeAPI
import Manifest

/// What a manifest file holds: its objects as their kinds read them, and what is wrong with the rest.
struct ManifestContent: Sendable {
    /// The namespace of objects that name none.
    static let defaultNamespace = "default"

    /// Something to tell the author of a manifest.
    struct Problem: Hashable, Sendable {
        /// In one line.
        let text: String
        /// Whether the rest is applied all the same.
        let isWarning: Bool
    }

    /// Of two with the same key, the first.
    private(set) var objects: [ManifestKey: Unstructured] = [:]
    private(set) var problems: [Problem] = []
    /// The objects that could not be loaded, as far as they are known.
    private var broken: Set<ManifestKey> = []
    /// Whether a part of the file is so broken that its objects are not known.
    private var isPartlyUnknown = false

    init(path: String, kinds: KindTable, catalog: SchemaCatalog) {
        let file = ManifestFile(path: path)
        problems = file.errors.map { Problem(text: $0.description, isWarning: false) }
        isPartlyUnknown = !file.errors.isEmpty
        for entry in file.objects {
            guard let row = kinds.row(apiVersion: entry.object.apiVersion, kind: entry.object.kind) else {
                let (apiVersion, kind) = (entry.object.apiVersion.quotable, entry.object.kind.quotable)
                let error = entry.error("kind '\(kind)' (apiVersion \(apiVersion)) is not one that Fairlead knows")
                problems.append(Problem(text: error.description, isWarning: true))
                continue
            }
            add(entry, row, catalog)
        }
    }

    /// What the file declares: its objects, and of what it declared before that which it may still mean to.
    func keys(before: Set<ManifestKey>) -> Set<ManifestKey> {
        (isPartlyUnknown ? before : before.intersection(broken)).union(objects.keys)
    }

    private mutating func add(_ entry: ManifestObject, _ row: KindRules, _ catalog: SchemaCatalog) {
        var entry = entry
        if row.resource.isNamespaced {
            if entry.object.namespace.isEmpty { entry.object.namespace = Self.defaultNamespace }
        } else {
            entry.object.namespace = ""
        }
        let key = ManifestKey(resource: row.resource, name: entry.object.objectName)
        do throws(ManifestError) {
            let (object, unknown) = try Self.read(entry, row, catalog)
            for field in unknown {
                problems.append(
                    Problem(text: entry.error("\(field): unknown field, ignored").description, isWarning: true))
            }
            if objects[key] == nil {
                objects[key] = object
            } else {
                throw entry.error("declared twice in this file; ignored")
            }
        } catch {
            problems.append(Problem(text: error.description, isWarning: false))
            if key.name.name.isEmpty { isPartlyUnknown = true } else { broken.insert(key) }
        }
    }

    /// The object as its kind has it, and the fields that the kind does not have.
    private static func read(
        _ entry: ManifestObject, _ row: KindRules, _ catalog: SchemaCatalog
    ) throws(ManifestError) -> (Unstructured, unknown: [String]) {
        let kind = GroupVersionKind(
            group: row.resource.group, version: row.resource.version, kind: row.resource.kind)
        guard let schema = catalog.schema(of: kind) else { throw entry.error("this kind has no schema") }
        if let fault = TypeFault.first(in: entry.object.tree, as: schema, catalog) {
            throw entry.error(at: fault.path, fault.problem)
        }
        var tree = entry.object.tree
        let unknown: [String]
        do throws(SchemaCheck.TypeFailure) {
            unknown = try SchemaCheck.normalise(&tree, as: schema, in: catalog)
        } catch {
            throw entry.error("\(error)")
        }
        guard var object = try? Unstructured(tree) else { throw entry.error("expected an object") }
        guard !object.name.isEmpty else {
            // A manifest is applied again and again: an object whose name is made up each time would pile up.
            throw entry.error("metadata.name: is required in a manifest, generateName is not enough")
        }
        // What a manifest copied from a cluster says about another server's bookkeeping.
        for key in [
            "resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink",
            "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
        ] { object[["metadata", key]] = nil }
        for key in [ManifestMark.file, ManifestMark.applied] { object.annotations[key] = nil }
        return (object, unknown)
    }
}

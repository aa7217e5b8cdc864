import KubeAPI

/// What an object says that a manifest has declared: by it the next start of the process finds what has vanished from the
/// manifests meanwhile, and what a manifest no longer says of an object is told from what others have written.
enum ManifestMark {
    /// The annotation with the path of the file.
    static let file = "fairlead/manifest"
    /// The annotation with the object as it was applied last, in JSON.
    static let applied = "fairlead/applied"

    /// The object with its marks.
    static func mark(_ object: Unstructured, from path: String) -> Unstructured {
        var marked = object
        marked.annotations[file] = path
        marked.annotations[applied] = String(decoding: object.tree.json, as: UTF8.self)
        return marked
    }

    /// The file that declared an object; nil for what no manifest has declared.
    static func file(of object: Unstructured) -> String? { object.annotations[file] }

    /// What was applied last, without marks; nil where nothing was.
    static func applied(to object: Unstructured) -> Unstructured? {
        object.annotations[applied].flatMap { try? Unstructured(json: Array($0.utf8)) }
    }
}

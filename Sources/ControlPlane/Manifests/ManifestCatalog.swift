import KubeAPI

/// Which file declares which object. Of several the first by name is the one that counts.
struct ManifestCatalog {
    struct File {
        var signature: FileSignature?
        var keys: Set<ManifestKey> = []
        /// What has been said about the file as it is now.
        var reported: Set<String> = []
        /// Something of it could not be applied: to be tried again when anything changes.
        var hasFailures = false
        var missingSince: Timestamp?
    }

    private(set) var files: [String: File] = [:]
    /// The files of each key, in the order of their names.
    private var declarations: [ManifestKey: [String]] = [:]

    /// The file whose word counts for `key`.
    func winner(of key: ManifestKey) -> String? { declarations[key]?.first }

    /// The files that declare `key` without being the one that counts.
    func losers(of key: ManifestKey) -> ArraySlice<String> { declarations[key]?.dropFirst() ?? [] }

    /// Changes what is noted about a file, but not its keys.
    mutating func note(_ path: String, _ change: (inout File) -> Void) {
        change(&files[path, default: File()])
    }

    subscript(path: String) -> File {
        get { files[path] ?? File() }
        set {
            let before = files[path]?.keys ?? []
            files[path] = newValue
            redeclare(path, before: before, after: newValue.keys)
        }
    }

    /// Forgets a file that is gone.
    mutating func remove(_ path: String) {
        redeclare(path, before: files.removeValue(forKey: path)?.keys ?? [], after: [])
    }

    private mutating func redeclare(_ path: String, before: Set<ManifestKey>, after: Set<ManifestKey>) {
        for key in before.subtracting(after) {
            declarations[key]?.removeAll { $0 == path }
            if declarations[key]?.isEmpty == true { declarations[key] = nil }
        }
        for key in after.subtracting(before) {
            var paths = declarations[key] ?? []
            paths.insert(path, at: paths.firstIndex { $0 > path } ?? paths.endIndex)
            declarations[key] = paths
        }
    }
}

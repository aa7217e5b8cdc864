/// What one scan has found.
struct ManifestChange {
    /// The files that were read.
    var contents: [String: ManifestContent] = [:]
    /// The objects that a changed file declares or declared.
    var touched: Set<ManifestKey> = []
    var removedFiles = 0

    var isEmpty: Bool { contents.isEmpty && removedFiles == 0 }
}

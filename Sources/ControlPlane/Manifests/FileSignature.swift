import APIMachinery
import FoundationEssentials
import KubeAPI

/// What tells one state of a file from another without reading it.
struct FileSignature: Equatable, Sendable {
    let size: UInt64
    let inode: UInt64
    let modified: Timestamp

    /// Of the file that `path` leads to; nil where there is none. Links are followed: a mounted ConfigMap is changed by
    /// moving one.
    ///
    /// - Throws: the system's error where the file is there and cannot be looked at.
    init?(path: String) throws {
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: target) else { return nil }
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        size = (attributes[.size] as? UInt64) ?? 0
        inode = (attributes[.systemFileNumber] as? UInt64) ?? 0
        let date = (attributes[.modificationDate] as? Date) ?? Date(timeIntervalSince1970: 0)
        modified = Timestamp(microsecondsSinceEpoch: Int64(date.timeIntervalSince1970 * 1_000_000))
    }
}

/// A file read in one piece.
struct CompleteFile: Sendable {
    let signature: FileSignature
    let manifest: ManifestContent

    /// Reads until the file was the same before and after. Nil where it is gone, or is being written all the time.
    ///
    /// - Throws: the system's error where it cannot be looked at.
    init?(path: String, kinds: KindTable, catalog: SchemaCatalog) throws {
        for _ in 0..<3 {
            guard let before = try FileSignature(path: path) else { return nil }
            let content = ManifestContent(path: path, kinds: kinds, catalog: catalog)
            if try FileSignature(path: path) == before {
                signature = before
                manifest = content
                return
            }
        }
        return nil
    }
}

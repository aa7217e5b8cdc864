import FoundationEssentials
import KubeAPI
import Logging

/// Compares manifest files with what has been applied of them, and applies the difference to a store.
///
/// A file is read in one piece. An object that is invalid keeps its previous version, a file that cannot be parsed
/// deletes nothing, and each problem is logged in one line once for each state of the file.
package struct ManifestScanner: Sendable {
    private let files: [String]
    private let directory: String?
    let applier: ManifestApplier
    let logger: Logger
    private let quietMicroseconds: Int64
    private let now: @Sendable () -> Timestamp
    var catalog = ManifestCatalog()
    /// Whether what an earlier process has applied is known.
    private var isResumed = false
    /// What is wrong with the paths themselves, and has been said.
    private var reportedPaths: Set<String> = []

    /// `files` and the `*.yaml`, `*.yml` and `*.json` in `directory` are scanned. Objects that vanish are deleted once
    /// their file has been as it is for `quietTime`: an editor may be in the middle of writing it.
    package init(
        files: [String], directory: String?, applier: ManifestApplier, logger: Logger,
        quietTime: Duration = .milliseconds(100), now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.files = files
        self.directory = directory
        self.applier = applier
        self.logger = logger
        quietMicroseconds =
            quietTime.components.seconds * 1_000_000 + quietTime.components.attoseconds / 1_000_000_000_000
        self.now = now
    }

    /// Applies what has changed since the last scan.
    ///
    /// - Returns: whether a file is being written, so that another scan is due after the quiet time.
    package mutating func scan() async -> Bool {
        guard await resume() else { return true }
        var change = ManifestChange()
        var isUnsettled = false
        let present = paths()
        for path in present { isUnsettled = look(at: path, &change) || isUnsettled }
        for path in catalog.files.keys.sorted() where !present.contains(path) {
            isUnsettled = miss(path, &change) || isUnsettled
        }
        guard !change.isEmpty else { return isUnsettled }
        for path in catalog.files.keys.sorted() where catalog[path].hasFailures && change.contents[path] == nil {
            read(path, &change)
        }
        await apply(&change)
        return isUnsettled
    }

    /// Takes over what an earlier process has applied, so that what has vanished since is deleted.
    ///
    /// - Returns: false where the store cannot be read.
    private mutating func resume() async -> Bool {
        guard !isResumed else { return true }
        do throws(Status) {
            for (path, keys) in try await applier.declared() { catalog[path] = ManifestCatalog.File(keys: keys) }
            isResumed = true
        } catch {
            logger.error("what manifests have declared before cannot be read: \(error.message)")
        }
        return isResumed
    }

    private func completeFile(_ path: String) throws -> CompleteFile? {
        try CompleteFile(path: path, kinds: applier.kinds, catalog: applier.catalog)
    }

    /// Takes a file up if it is not as it was.
    ///
    /// - Returns: whether to look again soon.
    private mutating func look(at path: String, _ change: inout ManifestChange) -> Bool {
        do {
            guard let signature = try FileSignature(path: path) else { return false }
            if catalog.files[path]?.signature == signature, catalog[path].missingSince == nil { return false }
            guard let file = try completeFile(path) else { return true }
            let before = catalog[path].keys
            let keys = file.manifest.keys(before: before)
            if !keys.isSuperset(of: before), !isQuiet(since: file.signature.modified) { return true }
            change.touched.formUnion(before)
            change.contents[path] = file.manifest
            let isSame = catalog[path].signature == file.signature
            catalog[path] = ManifestCatalog.File(
                signature: file.signature, keys: keys, reported: isSame ? catalog[path].reported : [])
            change.touched.formUnion(keys)
        } catch {
            reportPath(path, "\(path): cannot be read: \(error)")
        }
        return false
    }

    /// - Returns: whether to look again soon.
    private mutating func miss(_ path: String, _ change: inout ManifestChange) -> Bool {
        let since = catalog[path].missingSince ?? now()
        catalog.note(path) { $0.missingSince = since }
        guard isQuiet(since: since) else { return true }
        change.touched.formUnion(catalog[path].keys)
        change.removedFiles += 1
        catalog.remove(path)
        return false
    }

    private func isQuiet(since time: Timestamp) -> Bool {
        let age = now().microsecondsSinceEpoch - time.microsecondsSinceEpoch
        // A time far in the future says nothing.
        return age >= quietMicroseconds || age < -quietMicroseconds
    }

    /// Reads a file again that has not changed.
    private func read(_ path: String, _ change: inout ManifestChange) {
        guard let file = try? completeFile(path), file.signature == catalog[path].signature else { return }
        change.contents[path] = file.manifest
        change.touched.formUnion(file.manifest.objects.keys)
    }

    /// Reads the files that have taken over an object from one that no longer declares it.
    mutating func readSuccessors(_ change: inout ManifestChange) {
        let successors = Set(change.touched.compactMap(catalog.winner)).subtracting(change.contents.keys)
        for path in successors.sorted() {
            guard let file = try? completeFile(path) else { continue }
            change.contents[path] = file.manifest
        }
    }

    /// The manifest files there are. A directory that cannot be listed keeps its files.
    private mutating func paths() -> Set<String> {
        var paths: Set<String> = []
        for path in files {
            if FileManager.default.fileExists(atPath: path) {
                paths.insert(path)
                reportedPaths.remove(path)
            } else if catalog.files[path] == nil {
                reportPath(path, "\(path): no such file")
            }
        }
        guard let directory else { return paths }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            for name in names where Self.isManifest(name) { paths.insert("\(directory)/\(name)") }
            reportedPaths.remove(directory)
        } catch {
            reportPath(directory, "\(directory): the directory of manifests cannot be read")
            paths.formUnion(catalog.files.keys.filter { $0.hasPrefix("\(directory)/") })
        }
        return paths
    }

    private static func isManifest(_ name: String) -> Bool {
        !name.hasPrefix(".") && [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }

    private mutating func reportPath(_ path: String, _ problem: String) {
        if reportedPaths.insert(path).inserted { logger.error("\(problem)") }
    }
}

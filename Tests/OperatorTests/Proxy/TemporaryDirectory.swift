import FoundationEssentials

/// A directory of a test's own, removed with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = URL.temporaryDirectory.appending(path: "fairlead-\(UUID())").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes in place, with the directories that lead there.
    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file(name))), as: UTF8.self)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

    /// Moves one link into another's place, which is empty for a moment: no library call is rename(2) alone.
    func replaceLink(_ name: String, with other: String) throws {
        try remove(name)
        try FileManager.default.moveItem(atPath: file(other), toPath: file(name))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
    }
}

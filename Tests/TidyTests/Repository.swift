import FoundationEssentials

/// The repository that the tests were built from.
enum Repository {
    /// A text file, by its path from the root.
    struct TextFile: Sendable {
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    /// The directory that holds `Package.swift`, with a slash at its end.
    static let root: String = {
        // Tests/TidyTests/Repository.swift is three components below it.
        let components = #filePath.split(separator: "/").dropLast(3)
        return "/" + components.joined(separator: "/") + "/"
    }()

    /// Every file that belongs to the repository and is text; what is built, resolved or measured does not.
    static let textFiles: [TextFile] = paths(under: "").compactMap { path in
        guard let data = FileManager.default.contents(atPath: root + path), !data.contains(0),
            let text = String(validating: data, as: UTF8.self)
        else { return nil }
        return TextFile(path: path, text: text)
    }

    /// The Swift files of `folders`.
    static func swiftFiles(under folders: String...) -> [TextFile] {
        textFiles.filter { file in file.path.hasSuffix(".swift") && folders.contains { file.path.hasPrefix($0) } }
    }

    /// - Throws: `MissingFile` when there is no such text file.
    static func file(_ path: String) throws -> TextFile {
        guard let file = textFiles.first(where: { $0.path == path }) else { throw MissingFile(path: path) }
        return file
    }

    struct MissingFile: Error, CustomStringConvertible {
        let path: String
        var description: String { "there is no text file \(path)" }
    }

    /// As in `.gitignore`.
    private static func isIgnored(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name == ".git" || name == ".swiftpm" || name == "Package.resolved" || name == ".build"
            || name.hasPrefix(".build-") || name.hasSuffix(".o") || path == "bench/results"
    }

    private static func paths(under folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []
        return names.sorted().flatMap { name -> [String] in
            let path = folder.isEmpty ? name : folder + "/" + name
            if isIgnored(path) { return [] }
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: root + path, isDirectory: &isFolder)
            return isFolder ? paths(under: path) : [path]
        }
    }
}

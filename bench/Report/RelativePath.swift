/// Links between files of one folder tree.
package enum RelativePath {
    /// How a document names a file that lies elsewhere.
    ///
    /// - Parameters:
    ///   - target: from the working folder, or absolute.
    ///   - document: as well.
    /// - Returns: the target from the document's folder; the target as it is where only one of the two is absolute, or where the
    ///   document lies above the working folder, for then the names between them are unknown.
    package static func path(to target: String, from document: String) -> String {
        guard target.hasPrefix("/") == document.hasPrefix("/") else { return target }
        var (rest, folders) = (parts(target)[...], parts(document).dropLast())
        while let first = rest.first, first == folders.first, rest.count > 1 {
            (rest, folders) = (rest.dropFirst(), folders.dropFirst())
        }
        guard !folders.contains("..") else { return target }
        return (folders.map { _ in ".." } + rest).joined(separator: "/")
    }

    /// Without what leads nowhere.
    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/").reduce(into: []) { parts, part in
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != "." {
                parts.append(part)
            }
        }
    }
}

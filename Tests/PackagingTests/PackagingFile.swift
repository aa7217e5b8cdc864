import FoundationEssentials
import Testing
import Yams

/// What is in `packaging/`.
enum PackagingFile {
    /// The text of a file, by its path from the root of the repository.
    static func text(_ path: String) throws -> String {
        // Tests/PackagingTests/PackagingFile.swift is three components below it.
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/"
        let data = try #require(FileManager.default.contents(atPath: root + path), "there is no \(path)")
        return String(decoding: data, as: UTF8.self)
    }

    /// The documents of a YAML text.
    static func documents(_ text: String) throws -> [Node] {
        var sequence = try Yams.compose_all(yaml: text)
        var documents: [Node] = []
        while let document = sequence.next() { documents.append(document) }
        if let error = sequence.error { throw error }
        return documents
    }

    /// The one document of a YAML text.
    static func document(_ text: String) throws -> Node {
        let all = try documents(text)
        try #require(all.count == 1)
        return all[0]
    }

    /// The program's version, as `--version` prints it.
    static func version() throws -> String {
        let source = try text("Sources/fairlead/Fairlead.swift")
        return String(try #require(source.firstMatch(of: #/version: "([^"]+)"/#)).1)
    }
}

extension Node {
    /// The node at `path`, a name for a mapping and a number for a sequence.
    func at(_ path: any NodePathElement...) throws -> Node {
        try path.reduce(self) { node, element in
            try #require(element.node(in: node), "no \(path.map { "\($0)" }.joined(separator: "."))")
        }
    }

    /// The strings of a sequence.
    var strings: [String] { sequence.map { $0.compactMap(\.string) } ?? [] }

    /// The items of a sequence.
    var items: [Node] { sequence.map(Array.init) ?? [] }
}

/// A step on the way to a node.
protocol NodePathElement {
    func node(in parent: Node) -> Node?
}

extension String: NodePathElement {
    func node(in parent: Node) -> Node? { parent.mapping?[Node(self)] }
}

extension Int: NodePathElement {
    func node(in parent: Node) -> Node? {
        guard let sequence = parent.sequence, sequence.indices.contains(self) else { return nil }
        return sequence[self]
    }
}

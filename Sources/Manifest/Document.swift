import FoundationEssentials
import KubeAPI
import Yams

/// Why a document is not YAML.
struct DocumentError: Error {
    /// In the file, from 1.
    var line: Int?
    var column: Int?
    let problem: String
}

/// One document, as the JSON that it stands for, and its lines.
struct Document {
    let number: Int
    let json: Data
    /// Keys that do not count, as they come again.
    private(set) var repeatedKeys: [RepeatedKey] = []
    private let firstLine: Int
    private let root: YAMLNode?

    /// nil where the document is empty. Throws `DocumentError`.
    ///
    /// Text that starts as JSON does is read as JSON first, as kubectl does: YAML parsers do not know all of JSON's
    /// escapes. What is not JSON after all is YAML's flow style, or an error that is told with line and column. With
    /// `asYAML` all text is YAML: the lines are known then, and keys that are given twice. These are errors, unless the last
    /// one is to count.
    init?(_ document: DocumentText, asYAML: Bool = false, lastKeyCounts: Bool = false) throws {
        number = document.number
        firstLine = document.firstLine
        let start = document.text.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if !asYAML && (start == 0x7B || start == 0x5B) {
            let data = Data(document.text.utf8)
            if (try? JSON.decode(AnyJSON.self, from: data)) != nil {
                json = data
                root = nil
                return
            }
        }
        guard let root = try Self.compose(document, lastKeyCounts ? RepeatedKey.limit : 0, &repeatedKeys) else {
            return nil
        }
        self.root = root
        var writer = YAMLToJSON(sourceByteCount: document.text.utf8.count, leavesMarkedOut: !repeatedKeys.isEmpty)
        do {
            try writer.write(root)
        } catch {
            throw DocumentError(
                line: error.mark.map { $0.line + document.firstLine - 1 }, column: error.mark?.column,
                problem: error.problem)
        }
        json = Data(writer.bytes)
    }

    /// The line of the file at which the value stands, or what is nearest around it.
    func line(of path: FieldPath) -> Int {
        var node = root
        var line = 1
        for step in path.steps {
            if let mark = node?.mark { line = mark.line }
            switch step {
            case .index(let index):
                guard let items = node?.sequence, items.indices.contains(index) else { return firstLine + line - 1 }
                node = items[index]
            case .field(let name):
                guard let pair = node?.mapping?.first(where: { $0.key.scalar?.string == name }) else {
                    return firstLine + line - 1
                }
                node = pair.value
            }
        }
        return firstLine + (node?.mark?.line ?? line) - 1
    }

    /// - Parameters:
    ///   - limit: so many keys may come again.
    ///   - repeated: gets them.
    private static func compose(
        _ document: DocumentText, _ limit: Int, _ repeated: inout [RepeatedKey]
    ) throws -> YAMLNode? {
        var text = String(document.text)
        if AliasedKeys.mayOccur(in: text.utf8) {
            throw DocumentError(problem: "aliases together with a list or mapping as a key are not supported")
        }
        while true {
            do {
                // No rules: plain scalars are told apart in `PlainScalar`, as Kubernetes does it.
                guard let root = try Yams.compose(yaml: text, .basic) else { return nil }
                return PlainScalar.isNull(root) ? nil : root
            } catch let error as YamlError {
                guard case .duplicatedKeysInMapping(let keys, let context) = error, repeated.count < limit,
                    let name = keys.first,
                    let marked = RepeatedKey.mark(name, repeated.count, at: context.mark, in: text)
                else { throw DocumentError(error, firstLine: document.firstLine) }
                repeated.append(RepeatedKey(name: name, line: context.mark.line + document.firstLine - 1))
                text = marked
            }
        }
    }

    /// Any JSON at all.
    private struct AnyJSON: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}

extension DocumentError {
    init(_ error: YamlError, firstLine: Int) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(mark, firstLine: firstLine, problem: "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0.quotable)'" }.joined(separator: ", ")
            self.init(context.mark, firstLine: firstLine, problem: "not valid YAML: key \(names) is given twice")
        case .reader(let problem, _, _, _):
            self.init(problem: "not valid YAML: \(problem)")
        default:
            self.init(problem: "not valid YAML")
        }
    }

    private init(_ mark: Mark, firstLine: Int, problem: String) {
        self.init(line: mark.line + firstLine - 1, column: mark.column, problem: problem)
    }
}

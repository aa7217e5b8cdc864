import KubeAPI

/// A manifest in YAML or JSON: the objects that could be loaded, and an error for each part that could not.
package struct ManifestFile: Sendable {
    /// The largest file that is loaded, in bytes.
    package static let maximumByteCount = 16 << 20
    /// As given: for messages.
    package let name: String
    package private(set) var objects: [ManifestObject] = []
    package private(set) var errors: [ManifestError] = []

    /// Loads text that was read already.
    package init(name: String, text: String) { self.init(name: name, text: .success(text)) }

    /// Loads `text`, or makes the reason why there is none the file's only error.
    init(name: String, text: Result<String, Refusal>) {
        self.name = name
        switch text {
        case .success(let text) where text.utf8.count > Self.maximumByteCount: refuse(.tooLarge)
        case .success(let text): DocumentText.documents(of: text).forEach { load($0) }
        case .failure(let refusal): refuse(refusal)
        }
    }

    /// Why nothing of a file was loaded.
    struct Refusal: Error {
        let problem: String
        static let tooLarge = Refusal(problem: "larger than \(ManifestFile.maximumByteCount >> 20) MiB")
    }

    private mutating func refuse(_ refusal: Refusal) {
        errors.append(
            ManifestError(file: name, document: nil, line: nil, column: nil, object: nil, problem: refusal.problem))
    }
}

extension ManifestFile {
    private mutating func load(_ text: DocumentText) {
        do {
            guard let document = try Document(text) else { return }
            let tree = try JSONValue(json: Array(document.json))
            for entry in UnfoldedObjects(tree).entries { add(entry, of: document) }
        } catch let error as DocumentError {
            errors.append(
                ManifestError(
                    file: name, document: text.number, line: error.line, column: error.column, object: nil,
                    problem: error.problem))
        } catch {
            errors.append(
                ManifestError(
                    file: name, document: text.number, line: text.firstLine, column: nil, object: nil,
                    problem: "\(error)"))
        }
    }

    private mutating func add(_ entry: UnfoldedObjects.Entry, of document: Document) {
        switch entry.object {
        case .success(let object):
            objects.append(
                ManifestObject(
                    object: object, file: name, document: document.number, line: document.line(of: entry.path)))
        case .failure(let error):
            errors.append(
                ManifestError(
                    file: name, document: document.number, line: document.line(of: entry.path + error.path),
                    column: nil,
                    object: entry.tree.reference ?? (entry.path.isEmpty ? nil : "\(entry.path)"), problem: "\(error)"))
        }
    }
}

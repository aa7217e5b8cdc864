import KubeAPI

/// An object of a manifest and where it stands.
package struct ManifestObject: Sendable, Equatable {
    /// Its namespace is set where its kind has one.
    package let object: AnyKubernetesObject
    package let file: String
    /// Counted from 1, as `---` lines part the documents of a file.
    package let document: Int
    /// The object's first line in the file, from 1.
    package let line: Int
}

/// A manifest in YAML or JSON: the objects that could be loaded, and an error for each part that could not.
package struct ManifestFile: Sendable {
    /// The largest file that is loaded, in bytes.
    package static let maximumByteCount = 16 << 20
    /// The namespace of objects that name none.
    package static let defaultNamespace = "default"

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
            let content = try ObjectDocument(json: document.json, defaultNamespace: Self.defaultNamespace)
            for entry in content.entries { add(entry, of: document) }
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

    private mutating func add(_ entry: ObjectDocument.Entry, of document: Document) {
        switch entry.object {
        case .success(let object) where object.metadata.name.isEmpty:
            // A manifest is applied again and again: an object whose name is made up each time would pile up.
            let problem = "metadata.name: is required in a manifest, generateName is not enough"
            fail(entry, of: document, at: entry.path, problem)
        case .success(let object):
            objects.append(
                ManifestObject(
                    object: object, file: name, document: document.number, line: document.line(of: entry.path)))
        case .failure(let error):
            fail(entry, of: document, at: entry.path + error.path, "\(error)")
        }
    }

    private mutating func fail(
        _ entry: ObjectDocument.Entry, of document: Document, at path: FieldPath, _ problem: String
    ) {
        errors.append(
            ManifestError(
                file: name, document: document.number, line: document.line(of: path), column: nil,
                object: entry.reference ?? (entry.path.isEmpty ? nil : "\(entry.path)"), problem: problem))
    }
}

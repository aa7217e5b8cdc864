import FoundationEssentials
import KubeAPI

/// One document of YAML or JSON that is no Kubernetes object, such as a component's configuration file.
package struct YAMLDocument {
    /// What it stands for.
    package let json: Data
    /// Whether documents follow that are not part of this.
    package let hasSuccessors: Bool
    private let document: Document

    /// The first document of a text; nil where it has none. Keys that are given twice are errors, in JSON, too.
    ///
    /// - Throws: `ManifestError` with the name given, the line and the cause.
    package init?(of text: String, name: String) throws(ManifestError) {
        let texts = DocumentText.documents(of: text)
        guard let first = texts.first, let document = try Self.read(first, of: name, asYAML: true) else { return nil }
        self.document = document
        json = document.json
        hasSuccessors = texts.count > 1
    }

    /// The line at which a field stands, from 1, or what is nearest around it.
    package func line(of path: FieldPath) -> Int { document.line(of: path) }

    private static func read(
        _ text: DocumentText, of name: String, asYAML: Bool
    ) throws(ManifestError) -> Document? {
        do {
            return try Document(text, asYAML: asYAML)
        } catch {
            let cause = error as? DocumentError
            throw ManifestError(
                file: name, document: nil, line: cause?.line, column: cause?.column, object: nil,
                problem: cause?.problem ?? "\(error)")
        }
    }
}

import FoundationEssentials
import KubeAPI

/// One document of YAML or JSON that is no Kubernetes object, such as a component's configuration file.
package struct YAMLDocument {
    /// What it stands for.
    package let json: Data
    /// Whether documents follow that are not part of this.
    package let hasSuccessors: Bool
    /// Keys that come again in the same mapping: the last one counts, as with sigs.k8s.io/yaml outside of its strict mode.
    package let repeatedKeys: [RepeatedKey]
    private let document: Document

    /// The first document of a text; nil where it has none. JSON is read as the YAML that it is.
    ///
    /// - Throws: `ManifestError` with the name given, the line and the cause.
    package init?(of text: String, name: String) throws(ManifestError) {
        let texts = DocumentText.documents(of: text)
        guard let first = texts.first, let document = try Self.read(first, of: name) else { return nil }
        self.document = document
        json = document.json
        repeatedKeys = document.repeatedKeys
        hasSuccessors = texts.count > 1
    }

    /// The line at which a field stands, from 1, or what is nearest around it.
    package func line(of path: FieldPath) -> Int { document.line(of: path) }

    private static func read(_ text: DocumentText, of name: String) throws(ManifestError) -> Document? {
        do {
            return try Document(text, asYAML: true, lastKeyCounts: true)
        } catch {
            let cause = error as? DocumentError
            throw ManifestError(
                file: name, document: nil, line: cause?.line, column: cause?.column, object: nil,
                problem: cause?.problem ?? "\(error)")
        }
    }
}

import FoundationEssentials

/// A file of configuration that is one YAML document, or JSON.
package enum YAMLDocument {
    /// The JSON that the text stands for, typed as Kubernetes types it; `null` where the text is empty.
    package static func json(of text: String) throws(YAMLDocumentError) -> Data {
        let documents = DocumentText.documents(of: text)
        if let second = documents.dropFirst().first {
            throw YAMLDocumentError(
                line: second.firstLine, column: nil, problem: "a second document; only one is expected")
        }
        do {
            guard let first = documents.first, let document = try Document(first) else { return Data("null".utf8) }
            return document.json
        } catch let error as DocumentError {
            throw YAMLDocumentError(line: error.line, column: error.column, problem: error.problem)
        } catch {
            throw YAMLDocumentError(line: nil, column: nil, problem: "not valid YAML")
        }
    }
}

/// Why a text is not one YAML document.
package struct YAMLDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1; nil where it is not known.
    package let line: Int?
    /// From 1; nil where the error is about more than one place.
    package let column: Int?
    package let problem: String

    /// `line 3, column 5: not valid YAML: …`.
    package var description: String {
        var place = line.map { "line \($0)" } ?? ""
        if line != nil, let column { place += ", column \(column)" }
        return place.isEmpty ? problem : "\(place): \(problem)"
    }
}

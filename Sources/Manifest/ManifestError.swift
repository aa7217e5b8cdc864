/// A part of a manifest that could not be loaded. The parts around it were.
package struct ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    package let file: String
    /// Counted from 1, as `---` lines part them; nil where the file as a whole is at fault.
    package let document: Int?
    /// In the file, from 1; nil where it is not known.
    package let line: Int?
    /// From 1, in Unicode scalars; nil where the error is about more than one place.
    package let column: Int?
    /// "Service default/web"; nil where the object is not known.
    package let object: String?
    /// "spec.ports[0].port: expected an integer, found 'eighty'".
    package let problem: String

    /// `web.yaml, document 2 (Service default/web): spec.ports[0].port: expected an integer, found 'eighty'`.
    package var description: String {
        var place = file
        if let document { place += ", document \(document)" }
        if let line, let column { place += ", line \(line), column \(column)" }
        if let object { place += " (\(object))" }
        return "\(place): \(problem)"
    }
}

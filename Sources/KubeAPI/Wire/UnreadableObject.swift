/// An object of a list or a watch that could not be read; others are not touched by that.
package struct UnreadableObject: Error, Sendable, Equatable, CustomStringConvertible {
    /// The object's kind, "Service".
    package let kind: String
    /// Nil where not even that could be read.
    package let name: ObjectName?
    package let error: DecodeError

    package init(kind: String, name: ObjectName?, error: DecodeError) {
        self.kind = kind
        self.name = name
        self.error = error
    }

    /// "Service default/web: spec.ports[0].port: expected an integer, found 'eighty'".
    package var description: String { "\(name?.reference(kind: kind) ?? kind): \(error)" }
}

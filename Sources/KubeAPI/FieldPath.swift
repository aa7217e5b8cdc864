/// Where in an object a value stands: `spec.ports[0].port`, `metadata.labels[app.kubernetes.io/name]`.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case field(String)
        case index(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    init(_ codingPath: [any CodingKey]) {
        steps = codingPath.map { key in key.intValue.map(Step.index) ?? .field(key.stringValue) }
    }

    package var isEmpty: Bool { steps.isEmpty }

    package static func + (base: FieldPath, rest: FieldPath) -> FieldPath { FieldPath(base.steps + rest.steps) }

    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .field(let name) where name.isFieldName: text += text.isEmpty ? name : ".\(name)"
            case .field(let name): text += "[\(name.quotable)]"
            }
        }
        return text
    }
}

extension String {
    /// Whether the text is what the API names fields with, so that a dot before it reads well.
    fileprivate var isFieldName: Bool {
        !isEmpty && utf8.allSatisfy { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) }
    }

    /// The text on one line and not too long, for messages: control characters as `?`, cut after 64 characters.
    package var quotable: String {
        var text = ""
        for scalar in unicodeScalars.prefix(64) {
            text.unicodeScalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return unicodeScalars.count > 64 ? text + "…" : text
    }
}

extension ClosedRange<Unicode.Scalar> {
    fileprivate func contains(_ byte: UInt8) -> Bool { contains(Unicode.Scalar(byte)) }
}

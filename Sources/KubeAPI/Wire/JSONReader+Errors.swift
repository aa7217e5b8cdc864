extension JSONReader {
    /// The fault in the words of the API, with the path as seen from the value that the text is. A reader stops at the
    /// fault: where what follows is not JSON, nothing is at fault but that.
    static func decodeError(_ fault: JSONFault, in bytes: Span<UInt8>) -> DecodeError {
        var reader = JSONReader(bytes)
        guard let offset = fault.offset, (try? reader.skip()) != nil, (try? reader.finish()) != nil else {
            return .malformed
        }
        var path = path(of: offset, in: bytes)
        switch fault {
        case .malformed: return .malformed
        case .unexpected(_, let wanted):
            return .field(FieldError(path: path, problem: "expected \(wanted), found \(found(at: offset, in: bytes))"))
        case .missing(_, let field):
            path.steps.append(.field("\(field)"))
            return .field(FieldError(path: path, problem: "is required"))
        case .problem(_, let problem): return .field(FieldError(path: path, problem: problem))
        }
    }

    /// What stands at an offset, for an error message.
    private static func found(at offset: Int, in bytes: Span<UInt8>) -> String {
        var reader = JSONReader(bytes)
        reader.move(to: offset)
        switch reader.peek() {
        case .openBrace: return "an object"
        case .openBracket: return "a list"
        case .quote: return (try? reader.text()).map { "'\($0.quotable)'" } ?? "a value that cannot be read"
        default:
            guard (try? reader.skip()) != nil,
                let text = try? UTF8Span(validating: bytes.extracting(offset..<reader.offset))
            else { return "a value that cannot be read" }
            return String(copying: text).quotable
        }
    }

    /// The way from the outermost value to the one that starts at an offset.
    private static func path(of offset: Int, in bytes: Span<UInt8>) -> FieldPath {
        var path = FieldPath()
        var reader = JSONReader(bytes)
        while let step = reader.step(towards: offset) { path.steps.append(step) }
        return path
    }

    /// Moves to the value within the next one that an offset is in; nil where that is the next one itself. A key that is a
    /// number is told as one, as `FieldPath` has it from coding keys.
    @_lifetime(self: copy self)
    private mutating func step(towards target: Int) -> FieldPath.Step? {
        let isObject = start() == .openBrace
        guard offset < target, isObject || peek() == .openBracket else { return nil }
        // What follows the value may be damaged: its own start is what counts.
        guard (try? isObject ? openObject() : openList()) != nil else { return nil }
        var index = 0
        while true {
            var name = ""
            if isObject {
                guard let key = try? nextKey() else { return nil }
                name = key
            } else {
                guard (try? nextElement()) == true else { return nil }
            }
            let value = self
            let isWhole = (try? skip()) != nil
            if offset > target || !isWhole {
                self = value
                return isObject ? Int(name).map(FieldPath.Step.index) ?? .field(name) : .index(index)
            }
            index += 1
        }
    }
}

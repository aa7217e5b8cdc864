/// The text of one document of a YAML stream.
///
/// Documents are parted before they are parsed, so that a syntax error in one does not end the stream. That is safe:
/// a line that starts with `---` or `...` and then ends or has a blank is a marker wherever it stands, also within
/// block and quoted scalars (YAML 1.2.2 rule 206, `c-forbidden`).
struct DocumentText {
    /// From 1.
    let number: Int
    /// The line of the file at which `text` starts, from 1.
    let firstLine: Int
    let text: Substring

    /// The documents of a file, in order. What comes before the first marker counts only if it has content.
    static func documents(of text: String) -> [DocumentText] {
        var splitter = Splitter(text: text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
        return splitter.documents()
    }

    private struct Splitter {
        let text: Substring
        var found: [DocumentText] = []
        var start: Substring.Index
        var startLine = 1
        /// Whether the current piece has a marker or anything other than comments and directives.
        var isOpen = false

        init(text: Substring) {
            self.text = text
            start = text.startIndex
        }

        mutating func documents() -> [DocumentText] {
            var line = 1
            var index = text.startIndex
            while index < text.endIndex {
                let end = text.utf8[index...].firstIndex(of: 0x0A) ?? text.endIndex
                take(text.utf8[index..<end], from: index, line: line)
                line += 1
                index = end < text.endIndex ? text.utf8.index(after: end) : end
            }
            end(at: text.endIndex, line: line)
            return found
        }

        private mutating func take(_ bytes: Substring.UTF8View, from index: Substring.Index, line: Int) {
            if Self.isMarker(bytes, of: 0x2D) {
                end(at: index, line: line)
                isOpen = true
            } else if Self.isMarker(bytes, of: 0x2E) {
                end(at: index, line: line)
                // The marker itself belongs to no document.
                start = bytes.endIndex
                startLine = line
            } else if !isOpen {
                let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
                isOpen = first != nil && first != 0x23 && bytes.first != 0x25  // # and, in the first column, %
            }
        }

        /// Ends the current piece, if there is one; directives and comments stay with what follows them.
        private mutating func end(at index: Substring.Index, line: Int) {
            guard isOpen else { return }
            found.append(DocumentText(number: found.count + 1, firstLine: startLine, text: text[start..<index]))
            start = index
            startLine = line
            isOpen = false
        }

        private static func isMarker(_ line: Substring.UTF8View, of byte: UInt8) -> Bool {
            guard line.prefix(3).elementsEqual([byte, byte, byte]) else { return false }
            guard let next = line.dropFirst(3).first else { return true }
            return next == 0x20 || next == 0x09 || next == 0x0D
        }
    }
}

/// Finds the end of a JSON value whose text comes in pieces, by its brackets and quotes alone: whether it is one is for
/// `JSONReader` to say.
struct ValueScanner {
    private enum State {
        case before, container, text, escape, scalar
    }

    private var state = State.before
    /// Of open brackets.
    private var depth = 0
    private(set) var isComplete = false

    /// Goes on at `start`, which for the first piece is the value's first byte.
    ///
    /// - Returns: how far the value goes in these bytes.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, !isComplete {
            let byte = bytes[index]
            if state == .scalar, byte.isJSONWhitespace || byte == .comma || byte.closesContainer {
                isComplete = true
                break
            }
            take(byte)
            index &+= 1
        }
        return index
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) {
        switch state {
        case .text:
            if byte == .quote {
                state = .container
                isComplete = depth == 0
            } else if byte == .backslash {
                state = .escape
            }
        case .escape: state = .text
        case .scalar: break
        case .before where byte != .quote && byte != .openBrace && byte != .openBracket: state = .scalar
        case .before, .container:
            if byte == .quote {
                state = .text
            } else if byte == .openBrace || byte == .openBracket {
                state = .container
                depth &+= 1
            } else if byte.closesContainer {
                depth &-= 1
                isComplete = depth == 0
            }
        }
    }
}

extension UInt8 {
    fileprivate var closesContainer: Bool { self == .closeBrace || self == .closeBracket }
}

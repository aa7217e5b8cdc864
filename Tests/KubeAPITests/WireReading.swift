import FoundationEssentials

@testable import KubeAPI

/// Hands out text in pieces of so many bytes.
func forEachPiece<E: Error>(of text: String, _ size: Int, _ body: (RawSpan) throws(E) -> Void) throws(E) {
    let bytes = Array(text.utf8)
    let span = RawSpan(_elements: bytes.span)
    for start in stride(from: 0, to: bytes.count, by: size) {
        try body(span.extracting(start..<min(start + size, bytes.count)))
    }
}

/// What a watch reads, line by line, then the error that ended it, if any.
func watchLines<Object: WireObject>(
    _ type: Object.Type, _ text: String, pieceBytes: Int = .max, lineLimitBytes: Int = 1 << 20
) -> [String] {
    var reader = WatchReader<Object>(lineLimitBytes: lineLimitBytes)
    var lines: [String] = []
    do throws(DecodeError) {
        try forEachPiece(of: text, min(pieceBytes, max(text.utf8.count, 1))) { piece throws(DecodeError) in
            try reader.read(piece) { lines.append(describe($0)) }
        }
    } catch {
        lines.append("ended: \(error)")
    }
    if !reader.isAtLineEnd { lines.append("broken") }
    return lines
}

func describe<Object: WireObject>(_ line: WatchLine<Object>) -> String {
    switch line {
    case .applied(let object): "applied \(object.reference) \(object.metadata.resourceVersion ?? "-")"
    case .deleted(let name, let version): "deleted \(name.reference(kind: Object.resource.kind)) \(version)"
    case .bookmark(let version, let endsInitialList): "bookmark \(version)\(endsInitialList ? " end" : "")"
    case .error(let status): "error \(status.code) \(status)"
    case .unreadable(let object, let version): "unreadable \(object) \(version)"
    }
}

/// What a list reads, item by item, then its metadata or the error that ended it.
func listItems<Object: WireObject>(
    _ type: Object.Type, _ text: String, pieceBytes: Int = .max, itemLimitBytes: Int = 1 << 20
) -> [String] {
    var reader = ListReader<Object>(itemLimitBytes: itemLimitBytes)
    var items: [String] = []
    do throws(DecodeError) {
        try forEachPiece(of: text, min(pieceBytes, max(text.utf8.count, 1))) { piece throws(DecodeError) in
            try reader.read(piece) { item in
                switch item {
                case .success(let object): items.append(object.reference)
                case .failure(let unreadable): items.append("unreadable \(unreadable)")
                }
            }
        }
        let end = try reader.finish()
        items.append(
            "end \(end.resourceVersion) '\(end.continueToken)' \(end.remainingItemCount.map(String.init) ?? "-")")
    } catch {
        items.append("ended: \(error)")
    }
    return items
}

/// The object that text is, as it comes over the wire.
func wire<Object: WireObject>(_ type: Object.Type, _ json: String) throws(DecodeError) -> Object {
    let bytes = Array(json.utf8)
    return try wire(type, bytes.span)
}

func wire<Object: WireObject>(_ type: Object.Type, _ bytes: Span<UInt8>) throws(DecodeError) -> Object {
    switch try Object.read(bytes) {
    case .success(let object): return object
    case .failure(let unreadable): throw unreadable.error
    }
}

/// What reading `json` over the wire throws, as text; "decoded" where it throws nothing.
func wireFailure<Object: WireObject>(_ type: Object.Type, _ json: String) -> String {
    do throws(DecodeError) {
        _ = try wire(type, json)
        return "decoded"
    } catch {
        return error.description
    }
}

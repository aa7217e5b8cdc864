/// The place of an object's metadata in its JSON text without white space, as it is stored: what shows nothing else of an
/// object passes it on without reading it.
package struct MetadataText: Sendable {
    /// Behind the opening brace, and behind the closing one.
    private let range: Range<Int>

    /// - Parameter start: where the metadata begins, with its brace.
    package init(of json: Span<UInt8>, from start: Int) {
        var (index, depth, isInText) = (start, 0, false)
        while index < json.count {
            switch json[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "\""): isInText.toggle()
            case UInt8(ascii: "{") where !isInText: depth += 1
            case UInt8(ascii: "}") where !isInText: depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { break }
        }
        range = min(start + 1, json.count)..<max(min(start + 1, json.count), min(index, json.count))
    }

    /// Appends the metadata with the resource version.
    package func append(of json: Span<UInt8>, resourceVersion: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"resourceVersion":""#.utf8)
        bytes.append(contentsOf: resourceVersion.utf8)
        bytes.append(UInt8(ascii: "\""))
        if range.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.reserveCapacity(bytes.count + range.count)
        for index in range { bytes.append(json[index]) }
    }
}

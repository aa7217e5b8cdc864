/// Why a value could not be read, and where in the text it stands; `JSONReader.decodeError` makes words of it.
///
/// Offsets in place of paths, so that reading what is right keeps no account of where it is.
package enum JSONFault: Error {
    /// The text is not JSON, is nested too deep, or ends too early.
    case malformed
    /// The value is not what its field wants, such as "an integer".
    case unexpected(at: Int, wanted: StaticString)
    /// The object that starts there lacks a field.
    case missing(in: Int, field: StaticString)
    case problem(at: Int, String)

    /// Where in the text the value or the object at fault starts.
    var offset: Int? {
        switch self {
        case .malformed: nil
        case .unexpected(let offset, _), .missing(let offset, _), .problem(let offset, _): offset
        }
    }
}

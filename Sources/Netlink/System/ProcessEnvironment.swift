import Glibc

/// The environment that the process was started with.
package enum ProcessEnvironment {
    /// Names and values; the first of equal names counts, as with `getenv`.
    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            next += 1
            guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(text[..<sign])
            if variables[name] == nil { variables[name] = String(text[text.utf8.index(after: sign)...]) }
        }
        return variables
    }
}

/// A value that is read straight from JSON text.
package protocol JSONReadable {
    /// Reads the value that comes next.
    init(from reader: inout JSONReader) throws(JSONFault)
}

extension JSONReader {
    /// Nil of null.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func valueOrNil<Value: JSONReadable>() throws(JSONFault) -> Value? {
        try skipNull() ? nil : try Value(from: &self)
    }

    /// A list of values; empty of null.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func values<Value: JSONReadable>() throws(JSONFault) -> [Value] {
        if try skipNull() { return [] }
        var values: [Value] = []
        try openList()
        while try nextElement() { values.append(try Value(from: &self)) }
        return values
    }
}

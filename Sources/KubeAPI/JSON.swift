import FoundationEssentials

/// The API's JSON: the one way in which this package reads and writes it.
package enum JSON {
    /// Decodes one value from UTF-8 text.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from data: Data
    ) throws(DecodeError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw DecodeError(error, in: data)
        }
    }

    /// Encodes one value as UTF-8 text with the keys in order, so that equal values give equal bytes.
    ///
    /// Throws `EncodingError` only where a value cannot be said in JSON, which no type of this module can hold.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

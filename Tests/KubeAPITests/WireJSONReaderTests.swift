import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct WireJSONReaderTests {
    private struct Number: Codable { var a: Int }

    private func integer(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        guard let number = try? reader.integer(), (try? reader.finish()) != nil else { return nil }
        return number
    }

    @Test(arguments: [
        "0", "-0", "7", "80", "-1", "123456789012345678", "1234567890123456789", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "99999999999999999999", "80.0", "80.5",
        "1e2", "1E+2", "1.5e1", "10e-1", "1e-1", "1e18", "1e19", "0e99999999999999999999", "0.0", "100e-3", "-1.20e1",
        "01", "-", "1.", ".5", "+1", "1e", "1e+", "--1", "1..2", "0x10", "NaN", "12a", "", "1 2", "-a", "true",
    ])
    func integersAreThoseOfJSONDecoder(text: String) throws {
        #expect(integer(text) == (try? JSON.decode(Number.self, from: Data("{\"a\":\(text)}".utf8)))?.a)
    }

    @Test func exponentsAreNotComputedWithTheirZeros() {
        #expect(integer("1e99999999999999999999") == nil && integer("1e-99999999999999999999") == nil)
        #expect(integer("0.\(String(repeating: "0", count: 1000))5e1001") == 5)
    }

    @Test(arguments: [
        #""""#, #""plain""#, #""a longer text of many bytes, in words of eight""#, #""\"\\\/\b\f\n\r\t""#, #""\u00e4""#,
        #""\ud83d\ude00""#, #""\u0000""#, #""ä€😀""#, #""1234567\n""#, #""12345678\u0041""#, #""\q""#, #""\u00g0""#,
        #""\u00""#, #""\"#, #"""#, #""x"#, "\"a\nb\"", "\"a\u{1}b\"", "\"12345678\u{1F}\"", "\"\u{7F}\"", #"'x'"#,
        #"x"#,
    ])
    func stringsAreThoseOfJSONDecoder(text: String) {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        let read = try? reader.text()
        #expect(read == (try? JSON.decode([String].self, from: Data("[\(text)]".utf8)))?.first)
        if read != nil { #expect(reader.offset == bytes.count) }
    }

    @Test(arguments: [
        "{}", " [ ] ", "[1,2 , 3]", #"{"a":{"b":[{}]},"c":null}"#, "\t\r\n true \n", "[[],{}]", "-1.5e-3",
        "[1 2]", "[,1]", "{,}", "{1:2}", "{a:1}", #"{"a" 1}"#, #"{"a":1 "b":2}"#, "[1}", #"{"a":1]"#, "tru", "nul",
        "falsee", "[1] x", "", " ", "]", "\u{FEFF}x", "[\u{A0}1]", #"{"a":}"#, #"{"a"}"#, "[\"\\", "{\"\\u12",
    ])
    func whatIsJSONIsWhatJSONDecoderTakesForIt(text: String) {
        #expect(isJSON(Array(text.utf8)) == isJSONToDecoder(Data(text.utf8)), "\(text)")
    }

    @Test func aCommaBeforeAClosingBracketIsRefused() {
        #expect(!isJSON(Array(#"{"a":1,}"#.utf8)) && !isJSON(Array("[1,]".utf8)))
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func nestingIsBounded(opening: String, closing: String) {
        func nested(_ depth: Int) -> [UInt8] {
            let inner = opening == "[" ? "" : "1"
            return Array(
                (String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)).utf8)
        }
        #expect(isJSON(nested(512)) && isJSONToDecoder(Data(nested(512))))
        #expect(!isJSON(nested(513)) && !isJSONToDecoder(Data(nested(513))))
        #expect(!isJSON(Array(String(repeating: opening, count: 200_000).utf8)))
    }

    @Test func aByteIsFoundWhereverItStands() {
        for count in 0..<40 {
            for place in 0...count {
                var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }.map { $0 == 10 ? 9 : $0 }
                if place < count { bytes[place] = 10 }
                #expect(bytes.span.firstOffset(of: 10, from: 0) == (place < count ? place : nil))
                #expect(bytes.span.firstOffset(of: 10, from: min(place + 1, count)) == nil)
            }
        }
    }
}

/// Whether the reader takes text for JSON, every string of it for Unicode.
func isJSON(_ bytes: [UInt8]) -> Bool {
    var reader = JSONReader(bytes.span)
    return (try? reader.readEverything()) != nil && (try? reader.finish()) != nil
}

extension JSONReader {
    fileprivate mutating func readEverything() throws(JSONFault) {
        switch start() {
        case .quote: _ = try text()
        case .openBrace:
            try openObject()
            while try nextKey() != nil { try readEverything() }
        case .openBracket:
            try openList()
            while try nextElement() { try readEverything() }
        default: try skip()
        }
    }
}

func isJSONToDecoder(_ data: Data) -> Bool { (try? JSONDecoder().decode(Everything.self, from: data)) != nil }

/// Decodes every value, which `JSONDecoder` checks no sooner.
private struct Everything: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let fields = try? decoder.container(keyedBy: Key.self) {
            for key in fields.allKeys { _ = try fields.decode(Everything.self, forKey: key) }
            return
        }
        if var list = try? decoder.unkeyedContainer() {
            while !list.isAtEnd { _ = try list.decode(Everything.self) }
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() || (try? container.decode(Bool.self)) != nil
            || (try? container.decode(Double.self)) != nil
        {
            return
        }
        _ = try container.decode(String.self)
    }
}

import FoundationEssentials
import TestSupport
import Testing

@testable import KubeAPI

/// Damaged text of which the seed decides everything: nothing crashes, and what is JSON is agreed on.
@Suite struct WireFuzzTests {
    private static let seeds: [[UInt8]] = {
        let objects = [Samples.service, Samples.endpointSlice, Samples.node, Samples.serviceCIDR]
        let escapes = #"{"a\n\u00e4": ["\ud83d\ude00", -1.5e+3, 0, true, false, null, {"": "\\\""}]}"#
        return (objects + [escapes]).map { Array($0.replacing("\n", with: "").utf8) }
    }()

    private static let bytes =
        Array("{}[]\",:\\ u0123456789abcdeE+-.tfn/\n\u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xED, 0xFF]

    private static func damage(_ text: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            guard let place = text.indices.randomElement(using: &generator),
                let byte = bytes.randomElement(using: &generator)
            else { break }
            let end = min(place + Int.random(in: 1...24, using: &generator), text.count)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: text[place] = byte
            case 1: text.insert(byte, at: place)
            case 2: text.removeSubrange(place..<end)
            case 3: text.insert(contentsOf: text[place..<end], at: text.indices.randomElement(using: &generator) ?? 0)
            case 4: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            default: text.removeSubrange(place...)
            }
        }
        return text
    }

    /// Commas before closing brackets, which `JSONDecoder` alone lets pass.
    private static func hasTrailingComma(_ text: [UInt8]) -> Bool {
        let dense = text.filter { !$0.isJSONWhitespace }
        return zip(dense, dense.dropFirst()).contains {
            $0 == .comma && ($1 == .closeBrace || $1 == .closeBracket)
        }
    }

    @Test(arguments: 0..<8)
    func whatIsJSONIsAgreedOn(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            for text in Self.seeds {
                let damaged = Self.damage(text, &generator)
                let (ours, stock) = (isJSON(damaged), isJSONToDecoder(Data(damaged)))
                #expect(
                    ours == stock || !ours && Self.hasTrailingComma(damaged),
                    "\(String(decoding: damaged, as: UTF8.self))")
            }
        }
    }

    @Test(arguments: 0..<8)
    func damagedObjectsAreReadOrRefused(seed: UInt64) {
        var generator = SeededGenerator(seed: seed + 1_000)
        for _ in 0..<60 {
            for text in Self.seeds {
                let damaged = Self.damage(text, &generator)
                check(Service.self, damaged)
                check(EndpointSlice.self, damaged)
                check(Node.self, damaged)
                check(ServiceCIDR.self, damaged)
            }
        }
    }

    private func check<Object: WireObject>(_ type: Object.Type, _ text: [UInt8]) {
        do throws(DecodeError) {
            _ = try wire(type, text.span)
            // What is read is JSON, though of what is skipped nobody asks whether it is Unicode.
            var reader = JSONReader(text.span)
            #expect((try? reader.skip()) != nil)
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    /// Damaged lists and watches give the same in one piece as in any others.
    @Test(arguments: 0..<8)
    func thePiecesOfDamagedTextDoNotMatter(seed: UInt64) {
        var generator = SeededGenerator(seed: seed + 2_000)
        let object = Samples.service.replacing("\n", with: "")
        let list = Array(#"{"kind":"ServiceList","items":[\#(object),\#(object)],"metadata":{"continue":"x"}}"#.utf8)
        let watch = Array(#"{"type":"ADDED","object":\#(object)}"#.utf8) + [.lineFeed]
        for _ in 0..<10 {
            let size = Int.random(in: 1...700, using: &generator)
            // Repaired to Unicode, as text is what the readers of the tests take.
            let damagedList = String(decoding: Self.damage(list, &generator), as: UTF8.self)
            #expect(listItems(Service.self, damagedList) == listItems(Service.self, damagedList, pieceBytes: size))
            let damagedWatch = String(decoding: Self.damage(watch, &generator) + watch, as: UTF8.self)
            let whole = watchLines(Service.self, damagedWatch).filter { $0 != "broken" }
            #expect(whole == watchLines(Service.self, damagedWatch, pieceBytes: size).filter { $0 != "broken" })
        }
    }
}

/// Why a text is no time, in the words of Go's `time.Parse`.
enum TimeFault {
    private static let elements = ["2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"]

    static func text(of text: String, isMicro: Bool) -> String {
        let layout = isMicro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00"
        return "parsing time \"\(text)\"\(reason(text, layout: layout, isMicro: isMicro))"
    }

    private static func reason(_ text: String, layout: String, isMicro: Bool) -> String {
        var rest = text[...].utf8
        var numbers: [Int] = []
        func cannotParse(_ element: String) -> String {
            " as \"\(layout)\": cannot parse \"\(Substring(rest))\" as \"\(element)\""
        }
        for element in elements {
            let part = rest.prefix(element.utf8.count)
            if element.utf8.count == 1 {
                guard Substring(part) == element else { return cannotParse(element) }
            } else {
                guard part.count == element.utf8.count, part.allSatisfy({ $0 &- 0x30 < 10 }),
                    let number = Int(Substring(part))
                else { return cannotParse(element) }
                numbers.append(number)
            }
            rest = rest[part.endIndex...]
        }
        for (place, name) in [(1, "month"), (3, "hour"), (4, "minute"), (5, "second"), (2, "day")]
        where !isInRange(numbers[place], place) {
            return ": \(name) out of range"
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { $0 &- 0x30 < 10 }
        } else if isMicro {
            return cannotParse(".000000")
        }
        if rest.first == UInt8(ascii: "Z") {
            rest = rest.dropFirst()
            if !rest.isEmpty { return ": extra text: \"\(Substring(rest))\"" }
        } else {
            return cannotParse("Z07:00")
        }
        // What is left is a day that its month does not have.
        return ": day out of range"
    }

    private static func isInRange(_ number: Int, _ place: Int) -> Bool {
        switch place {
        case 1: (1...12).contains(number)
        case 2: (1...31).contains(number)
        case 3: number < 24
        default: number < 60
        }
    }
}

/// Whether a text is base64 with padding, as Go's `encoding/base64` reads it: line breaks are skipped.
enum Base64Check {
    /// Where the text goes wrong; nil where it does not.
    static func fault(in text: String) -> Int? {
        var count = 0
        var padding = 0
        for (place, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x0A, 0x0D: continue
            case UInt8(ascii: "="):
                guard count % 4 + padding == 2 || count % 4 + padding == 3 else { return place }
                padding += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                guard padding == 0 else { return place }
                count += 1
            default: return place
            }
        }
        return (count + padding) % 4 == 0 ? nil : text.utf8.count
    }
}

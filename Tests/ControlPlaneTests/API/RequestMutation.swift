import FoundationEssentials
import KubeAPI

/// Makes wrong requests of right ones.
struct RequestMutation {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(state: seed) }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0..<elements.count)] }

    mutating func happens(_ percent: Int) -> Bool { number(0..<100) < percent }

    // MARK: - Values

    private static let texts = [
        "", "a", "default", "A B", "-", "..", "a/b", "%2e", "null", "0", "-1", "1e400", "\u{0}", "\u{7f}", "ü", "🦆",
        "e\u{301}", "\u{202e}", "9223372036854775808", "10.96.0.1", "::1", "100m", "1Gi", "2026-13-45T99:99:99Z",
        "IPv4", "TCP", "Always", "app=web", "key:value", "$(a)", "{{", "<x>", String(repeating: "x", count: 300),
    ]

    /// Anything.
    mutating func value(depth: Int = 0) -> JSONValue {
        switch number(0..<(depth > 3 ? 7 : 10)) {
        case 0: return .null
        case 1: return JSONValue(happens(50))
        case 2: return JSONValue(pick([0, 1, -1, 80, 65_536, Int.max, Int.min, 1 << 31]))
        case 3:
            return
                (try? JSONValue(
                    json: Array(pick(["1.5", "-0", "1e308", "-1e-300", "123456789012345678901234567890"]).utf8))) ?? 1
        case 4, 5, 6: return .string(pick(Self.texts))
        case 7, 8: return .array((0..<number(0..<4)).map { _ in value(depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<number(0..<4) { object[pick(Self.keys)] = value(depth: depth + 1) }
            return .object(object)
        }
    }

    private static let keys = [
        "metadata", "name", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "managedFields",
        "spec", "status", "containers", "ports", "port", "selector", "template", "data", "$patch", "$retainKeys",
        "$setElementOrder/ports", "$deleteFromPrimitiveList/finalizers", "resourceVersion", "uid", "kind",
        "apiVersion", "replicas", "conditions", "",
    ]

    /// A tree with a few places that are something else, or gone, or new.
    mutating func mutated(_ tree: JSONValue) -> JSONValue {
        var tree = tree
        for _ in 0..<number(1..<4) { change(&tree) }
        return tree
    }

    private mutating func change(_ tree: inout JSONValue) {
        switch tree {
        case .object(var object) where !object.fields.isEmpty && happens(85):
            let key = pick(object.keys.map { $0 })
            if happens(10) {
                object[key] = nil
            } else if happens(10) {
                object[pick(Self.keys)] = value()
            } else if var child = object[key] {
                change(&child)
                object[key] = child
            }
            tree = .object(object)
        case .array(var array) where !array.isEmpty && happens(85):
            let index = number(0..<array.count)
            if happens(10) {
                array.remove(at: index)
            } else if happens(15) {
                array.append(array[index])
            } else {
                change(&array[index])
            }
            tree = .array(array)
        default: tree = value()
        }
    }

    // MARK: - Texts

    /// Bytes with a few that are others, or gone, or twice.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<number(1..<5) where !bytes.isEmpty {
            let index = number(0..<bytes.count)
            switch number(0..<6) {
            case 0: bytes[index] = UInt8(number(0..<256))
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(UInt8(number(0..<256)), at: index)
            case 3: bytes.removeSubrange(index...)
            case 4: bytes.insert(contentsOf: bytes[index..<min(index + number(1..<40), bytes.count)], at: index)
            default:
                bytes.insert(
                    contentsOf: Array(pick(["\\u0000", "\\ud800", "&a *a", "{", "]]", "\"", "\t"]).utf8), at: index)
            }
        }
        return bytes
    }

    /// A selector, or what looks like one.
    mutating func selector() -> String {
        (0..<number(1..<7)).map { _ in
            pick([
                "app", "=", "==", "!=", ",", "(", ")", " in ", " notin ", "!", "web", "metadata.name", "spec.nodeName",
                "\\", "ü", "/", " ", "status.phase",
            ])
        }.joined()
    }

    /// Parameters of a query.
    mutating func query() -> String {
        let names = [
            "labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "resourceVersionMatch",
            "timeoutSeconds", "dryRun", "fieldValidation", "fieldManager", "force", "propagationPolicy",
            "gracePeriodSeconds", "orphanDependents", "includeObject", "sendInitialEvents", "allowWatchBookmarks",
            "pretty",
        ]
        return (0..<number(0..<4)).map { _ in
            let name = pick(names)
            let value =
                name.hasSuffix("Selector")
                ? selector()
                : pick(Self.texts + ["1", "All", "Strict", "Warn", "Exact", "NotOlderThan", "Orphan", "true"])
            return "\(name)=\(Self.escaped(value))"
        }.joined(separator: "&")
    }

    /// Every byte that is no letter as a percent sign and two digits.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            if UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                return String(UnicodeScalar(byte))
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// A JSON patch.
    mutating func jsonPatch() -> JSONValue {
        let paths = [
            "", "/", "/metadata", "/metadata/labels/a", "/metadata/name", "/spec", "/spec/ports/0", "/spec/ports/-",
            "/spec/ports/99999999999999999999", "/~2", "/spec/~1", "/data/k", "/status/conditions/0/type", "a",
        ]
        return .array(
            (0..<number(0..<5)).map { _ in
                var operation: JSONValue = [
                    "op": .string(pick(["add", "remove", "replace", "move", "copy", "test", "no", ""])),
                    "path": .string(pick(paths)),
                ]
                if happens(60) { operation["from"] = .string(pick(paths)) }
                if happens(80) { operation["value"] = value() }
                return happens(5) ? value() : operation
            })
    }
}

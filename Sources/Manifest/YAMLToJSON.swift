import KubeAPI
import Yams

/// Writes a YAML tree as JSON.
struct YAMLToJSON {
    /// The deepest nesting that is written; the JSON decoder's own bound is 512.
    static let maximumDepth = 256

    /// What has no JSON, and where it stands in the document.
    struct Failure: Error {
        let mark: Mark?
        let problem: String
    }

    private(set) var bytes: [UInt8] = []
    /// What is left to spend on nodes and the bytes of their text.
    private var stepsLeft: Int

    /// Keys with `RepeatedKey.mark` do not count.
    let leavesMarkedOut: Bool

    /// A document without aliases takes at most two steps for each of its bytes; aliases may add a quarter of a million.
    init(sourceByteCount: Int, leavesMarkedOut: Bool = false) {
        stepsLeft = 2 * sourceByteCount + (1 << 18)
        self.leavesMarkedOut = leavesMarkedOut
    }

    /// Takes steps from what is left; throws where aliases have written out the document to more than that.
    mutating func spend(_ steps: Int, at node: YAMLNode) throws(Failure) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw Failure(mark: node.mark, problem: "too large with its aliases written out") }
    }

    mutating func write(_ node: YAMLNode, depth: Int = 0) throws(Failure) {
        guard depth <= Self.maximumDepth else {
            throw Failure(mark: node.mark, problem: "nested deeper than \(Self.maximumDepth) levels")
        }
        try spend(1 + (node.scalar?.string.utf8.count ?? 0), at: node)
        switch node {
        case .scalar(let scalar): try write(scalar)
        case .sequence(let sequence):
            bytes.append(0x5B)
            for (index, item) in sequence.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                try write(item, depth: depth + 1)
            }
            bytes.append(0x5D)
        case .mapping(let mapping):
            try write(try pairs(of: mapping), depth: depth)
        case .alias:
            throw Failure(mark: node.mark, problem: "not valid YAML: an alias without an anchor")
        }
    }

    private mutating func write(_ pairs: [(key: String, value: YAMLNode)], depth: Int) throws(Failure) {
        bytes.append(0x7B)
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            write(pair.key)
            bytes.append(0x3A)
            try write(pair.value, depth: depth + 1)
        }
        bytes.append(0x7D)
    }

    private mutating func write(_ scalar: YAMLNode.Scalar) throws(Failure) {
        switch try Self.value(of: scalar) {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: number.utf8)
        case .string(let text): write(text)
        }
    }

    /// Text is typed where it is plain and has no tag; a tag says the type whatever the style.
    private static func value(of scalar: YAMLNode.Scalar) throws(Failure) -> PlainScalar {
        let tag = scalar.tag.rawValue
        switch tag {
        case "" where scalar.style == .plain:
            if [".inf", "+.inf", "-.inf", ".nan"].contains(scalar.string.lowercased()) {
                throw Failure(mark: scalar.mark, problem: "\(scalar.string) has no place in JSON")
            }
            return PlainScalar(scalar.string)
        case "", "!", "tag:yaml.org,2002:str": return .string(scalar.string)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            let value = PlainScalar(scalar.string)
            guard value.isOfType(tag) else {
                throw Failure(
                    mark: scalar.mark, problem: "'\(scalar.string.quotable)' is not of the type that its tag says")
            }
            return value
        default: throw Failure(mark: scalar.mark, problem: "tag \(tag.quotable) is not supported")
        }
    }

    private mutating func write(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
            case 0x00..<0x20:
                let hex = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [hex[Int(byte >> 4)], hex[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}

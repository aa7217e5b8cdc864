/// The members of a JSON object, in their order.
package struct JSONObject: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONNode
    }

    /// With all of equal names; the last counts.
    package private(set) var members: [Member] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, JSONNode)...) {
        members = elements.map { Member(name: $0.0, value: $0.1) }
    }

    package mutating func append(_ name: String, _ value: JSONNode) { members.append(Member(name: name, value: value)) }

    /// As `append`; a value that is not there leaves no member.
    package mutating func append(_ name: String, ifPresent value: JSONNode?) {
        if let value { append(name, value) }
    }

    /// The value of a name. One that is spelt so counts before one whose letters have another case: runtimes in Go write names
    /// with an upper-case letter, because their reader does not mind.
    package subscript(name: String) -> JSONNode? {
        if let member = members.last(where: { $0.name == name }) { return member.value }
        return members.last { Self.areEqualIgnoringCase($0.name.utf8, name.utf8) }?.value
    }

    private static func areEqualIgnoringCase(_ left: String.UTF8View, _ right: String.UTF8View) -> Bool {
        left.elementsEqual(right) { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

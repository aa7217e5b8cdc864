import FoundationEssentials
import Net
import Netlink
import TestSupport

/// What `nft -j list ruleset` prints (libnftables-json(5)): a sequence of objects.
struct NFTDocument: Decodable {
    let nftables: [[String: JSONValue]]

    /// Reads the rule set of a namespace.
    init(of namespace: NetworkNamespace) throws {
        let text = try Tool.run("nft", "-j", "list", "ruleset", in: namespace)
        self = try JSONDecoder().decode(NFTDocument.self, from: Data(text.utf8))
    }

    /// The sets and maps of a table of ours, with their names.
    func sets(family: String) -> [(name: String, elements: [JSONValue])] {
        nftables.flatMap { [$0["set"], $0["map"]] }.compactMap { set in
            guard let set, set["family"] == .string(family), case .string(let name)? = set["name"] else { return nil }
            return (name, set["elem"]?.array ?? [])
        }
    }
}

extension CanonicalTable {
    /// One family's table (`ip` or `ip6`) as `nft` sees it.
    init(_ document: NFTDocument, family: String) {
        self.init()
        for (name, elements) in document.sets(family: family) where !elements.isEmpty {
            guard name.hasSuffix("endpoints") else {
                sets[name] = elements.map(\.text).sorted()
                continue
            }
            add(
                map: name,
                elements.map { element in
                    let pair = element.array
                    let key = pair.first?["concat"]?.array ?? []
                    let slot = key.last.flatMap { UInt32($0.text) } ?? .max
                    return (key.dropLast().map(\.text), slot, pair.last?.text ?? "")
                })
        }
    }
}

extension CanonicalTable {
    /// One line for each set and for each frontend of a map.
    var lines: [String] { description.split(separator: "\n").map(String.init) }
}

extension CollectionDifference.Change {
    var text: ChangeElement {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}

/// Any JSON value.
enum JSONValue: Decodable, Hashable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    subscript(key: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[key]
    }

    /// Empty for what is no list.
    var array: [JSONValue] {
        guard case .list(let elements) = self else { return [] }
        return elements
    }

    /// A text that is equal for equal values.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): "\(number)"
        case .string(let string): string
        case .list(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
        case .object(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: ", "))}"
        }
    }
}

extension IPFamily {
    /// What nft calls the table's family.
    var tableFamily: String { self == .ipv4 ? "ip" : "ip6" }
}

import Net
import Netlink

/// What `nft -j list ruleset` prints (libnftables-json(5)): a sequence of objects.
package struct NFTDocument {
    private let objects: [JSONValue]

    /// Reads the rule set of a namespace.
    package init(of namespace: NetworkNamespace) throws {
        let text = try Tool.run("nft", "-j", "list", "ruleset", in: namespace)
        objects = try JSONValue(parsing: text)["nftables"]?.array ?? []
    }

    /// The sets and maps of a table of ours, with their names.
    package func sets(family: String) -> [(name: String, elements: [JSONValue])] {
        objects.flatMap { [$0["set"], $0["map"]] }.compactMap { set in
            guard let set, set["family"] == .string(family), case .string(let name)? = set["name"] else { return nil }
            return (name, set["elem"]?.array ?? [])
        }
    }
}

extension CanonicalTable {
    /// One family's table (`ip` or `ip6`) as `nft` sees it.
    package init(_ document: NFTDocument, family: String) {
        self.init()
        for (name, elements) in document.sets(family: family) {
            if name.hasPrefix("clients-") {
                // That it is there counts; who has connected is no state of ours.
                sets[name] = ["clients"]
                continue
            }
            if elements.isEmpty { continue }
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
    package var lines: [String] { description.split(separator: "\n").map(String.init) }
}

extension CollectionDifference.Change {
    package var text: ChangeElement {
        switch self {
        case .insert(_, let element, _), .remove(_, let element, _): element
        }
    }
}

extension IPFamily {
    /// What nft calls the table's family.
    package var tableFamily: String { self == .ipv4 ? "ip" : "ip6" }
}

extension NFTDocument {
    /// Every table, chain, rule, set and map in a text that depends neither on the kernel's numbers for them nor on the
    /// order of chains, sets and elements. Without the clients that packets have entered.
    package var canonical: [String] {
        var texts: [String] = []
        var ruleCounts: [String: Int] = [:]
        for object in objects {
            guard case .object(let kinds) = object, let (kind, value) = kinds.first, case .object(var fields) = value
            else { continue }
            fields["handle"] = nil
            if let elements = fields["elem"]?.array { fields["elem"] = .list(elements.sorted { $0.text < $1.text }) }
            // What leads to the size classes may stand in any order.
            let isEntry = fields["chain"].map { Self.pickChains.contains($0.text) } ?? false
            if kind == "rule", !isEntry {
                let chain = "\(fields["family"]?.text ?? "") \(fields["chain"]?.text ?? "")"
                ruleCounts[chain, default: 0] += 1
                fields["place"] = .number(ruleCounts[chain] ?? 0)
            }
            texts.append("\(kind) \(JSONValue.object(fields).text)")
        }
        return texts.sorted()
    }

    private static let pickChains = ["pick", "pick-nodeport", "pick-local", "pick-local-nodeport"]
}

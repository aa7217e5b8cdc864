import KubeAPI
import Yams

extension YAMLToJSON {
    /// A mapping's pairs with the keys as JSON has them and the merge keys (`<<`) resolved: a mapping's own keys win over
    /// merged ones, earlier merged mappings over later ones.
    mutating func pairs(of mapping: YAMLNode.Mapping) throws(Failure) -> [(key: String, value: YAMLNode)] {
        var pairs: [(key: String, value: YAMLNode)] = []
        var keys: Set<String> = []
        var merged: [YAMLNode] = []
        for (key, value) in mapping {
            if key.scalar?.string == "<<" && key.scalar?.style == .plain {
                merged.append(value)
                continue
            }
            let name = try Self.name(key)
            if leavesMarkedOut, name.first == RepeatedKey.mark { continue }
            guard keys.insert(name).inserted else {
                throw Failure(mark: key.mark, problem: "not valid YAML: key '\(name.quotable)' is given twice")
            }
            pairs.append((name, value))
        }
        for node in merged {
            for pair in try mergedPairs(of: node) where keys.insert(pair.key).inserted { pairs.append(pair) }
        }
        return pairs
    }

    private mutating func mergedPairs(of node: YAMLNode) throws(Failure) -> [(key: String, value: YAMLNode)] {
        try spend(1, at: node)
        switch node {
        case .mapping(let mapping):
            let pairs = try pairs(of: mapping)
            try spend(pairs.count, at: node)
            return pairs
        case .sequence(let nodes):
            var pairs: [(key: String, value: YAMLNode)] = []
            for node in nodes {
                guard case .mapping = node else { throw Self.unmergeable(node) }
                pairs += try mergedPairs(of: node)
            }
            return pairs
        default: throw Self.unmergeable(node)
        }
    }

    private static func unmergeable(_ node: YAMLNode) -> Failure {
        Failure(mark: node.mark, problem: "not valid YAML: '<<' takes a mapping or a list of mappings")
    }

    /// A key as text: numbers and booleans as JSON writes them, as sigs.k8s.io/yaml does.
    private static func name(_ key: YAMLNode) throws(Failure) -> String {
        guard let scalar = key.scalar else {
            throw Failure(mark: key.mark, problem: "a list or mapping cannot be a key")
        }
        guard scalar.style == .plain else { return scalar.string }
        switch PlainScalar(scalar.string) {
        case .string(let text), .number(let text): return text
        case .bool(let flag): return "\(flag)"
        case .null: throw Failure(mark: key.mark, problem: "null cannot be a key")
        }
    }
}

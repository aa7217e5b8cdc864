import KubeAPI
import Net

/// `ValidateNetworkPolicy`, `ValidateNetworkPolicyUpdate` (pkg/apis/networking/validation).
extension NetworkPolicyRules {
    private static let directions = [("ingress", "from"), ("egress", "to")]

    static func failures(_ policy: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(policy, old, NameSyntax.dns1123Subdomain)
        let spec = policy.spec
        let known = old.map { networks($0.spec) } ?? []
        failures.checkSelector(spec.field("podSelector"), "spec.podSelector")
        for (direction, peers) in directions {
            for (index, rule) in spec.list(direction).enumerated() {
                let path = "spec.\(direction)[\(index)]"
                for (place, port) in rule.list("ports").enumerated() {
                    failures += portFailures(port, "\(path).ports[\(place)]")
                }
                for (place, peer) in rule.list(peers).enumerated() {
                    failures += peerFailures(peer, known, "\(path).\(peers)[\(place)]")
                }
            }
        }
        let types = spec.texts("policyTypes")
        if types.count > 2 {
            return failures + [
                .invalid("spec.policyTypes", JSONValue(types), "may not specify more than two policyTypes")
            ]
        }
        for (index, type) in types.enumerated() {
            failures.check("spec.policyTypes[\(index)]", type, isOneOf: ["Ingress", "Egress"])
        }
        return failures
    }

    /// Networks that were there before are not judged again.
    private static func networks(_ spec: JSONValue) -> Set<String> {
        var all: Set<String> = []
        for (direction, peers) in directions {
            for block in spec.list(direction).flatMap({ $0.list(peers) }).compactMap({ $0.field("ipBlock") }) {
                all.formUnion([block.text("cidr")] + block.texts("except"))
            }
        }
        return all
    }

    private static func portFailures(_ port: JSONValue, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if let text = port.field("protocol")?.string {
            failures.check("\(path).protocol", text, isOneOf: ["TCP", "UDP", "SCTP"])
        }
        let end = port.field("endPort")?.integer
        guard let first = port.field("port") else {
            if let end {
                failures.append(
                    .invalid("\(path).endPort", JSONValue(end), "may not be specified when `port` is not specified"))
            }
            return failures
        }
        if let name = first.string {
            if let end {
                failures.append(
                    .invalid("\(path).endPort", JSONValue(end), "may not be specified when `port` is non-numeric"))
            }
            failures.check("\(path).port", name, NameSyntax.portName)
            return failures
        }
        let number = first.integer ?? 0
        failures.checkPort("\(path).port", number)
        guard let end else { return failures }
        if end < number {
            // Upstream shows the first port, not the last.
            failures.append(
                .invalid("\(path).endPort", JSONValue(number), "must be greater than or equal to `port`"))
        }
        failures.checkPort("\(path).endPort", end)
        return failures
    }

    private static func peerFailures(_ peer: JSONValue, _ known: Set<String>, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let kinds = ["podSelector", "namespaceSelector", "ipBlock"].filter(peer.has)
        for kind in kinds where kind != "ipBlock" { failures.checkSelector(peer.field(kind), "\(path).\(kind)") }
        if let block = peer.field("ipBlock") { failures += blockFailures(block, known, "\(path).ipBlock") }
        if kinds.isEmpty {
            failures.append(.required(path, "must specify a peer"))
        } else if kinds.count > 1, peer.has("ipBlock") {
            failures.append(.forbidden(path, "may not specify both ipBlock and another peer"))
        }
        return failures
    }

    private static func blockFailures(_ block: JSONValue, _ known: Set<String>, _ path: String) -> [FieldFailure] {
        let text = block.text("cidr")
        guard !text.isEmpty else { return [.required("\(path).cidr")] }
        var failures: [FieldFailure] = []
        if !known.contains(text) { failures.check("\(path).cidr", text, AddressSyntax.network) }
        guard let whole = try? IPPrefix(text) else { return failures }
        for (index, part) in block.texts("except").enumerated() {
            let path = "\(path).except[\(index)]"
            if !known.contains(part) { failures.check(path, part, AddressSyntax.network) }
            guard let prefix = try? IPPrefix(part) else { continue }
            if !whole.contains(prefix.address) || whole.length >= prefix.length {
                failures.append(.invalid(path, .string(part), "must be a strict subset of `cidr`"))
            }
        }
        return failures
    }
}

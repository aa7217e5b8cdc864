import KubeAPI

/// An entry of a Pod's `spec.tolerations`.
struct Toleration: Sendable, Hashable {
    let key: String
    /// `Exists`, `Lt`, `Gt`, or `Equal` where none is said.
    let relation: String
    let value: String
    /// Empty for all effects.
    let effect: String
    let seconds: Int?

    init(_ tree: JSONValue) {
        key = tree.text(at: "key")
        relation = tree.text(at: "operator")
        value = tree.text(at: "value")
        effect = tree.text(at: "effect")
        seconds = tree.int(at: "tolerationSeconds")
    }

    func tolerates(_ taint: Taint) -> Bool {
        guard effect.isEmpty || effect == taint.effect, key.isEmpty || key == taint.key else { return false }
        switch relation {
        case "", "Equal": return value == taint.value
        case "Exists": return true
        default: return false
        }
    }
}

/// An entry of a Node's `spec.taints`.
struct Taint: Sendable, Hashable {
    let key: String
    let value: String
    /// `NoSchedule`, `PreferNoSchedule`, `NoExecute`.
    let effect: String

    init(key: String, value: String = "", effect: String) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    init(_ tree: JSONValue) {
        self.init(key: tree.text(at: "key"), value: tree.text(at: "value"), effect: tree.text(at: "effect"))
    }

    static let notReady = "node.kubernetes.io/not-ready"
    static let unreachable = "node.kubernetes.io/unreachable"
    static let unschedulable = "node.kubernetes.io/unschedulable"
}

import APIMachinery
import KubeAPI

/// How much of each resource: what a Pod asks for, what a Node has.
struct ResourceAmounts: Sendable, Equatable {
    var milliCPU = 0
    var memory = 0
    var ephemeralStorage = 0
    /// Extended resources and huge pages, by their names.
    var others: [String: Int] = [:]

    init() {}

    /// - Parameter list: a `ResourceList`: `{cpu: 500m, memory: 1Gi}`.
    init(_ list: JSONValue?) {
        for field in list?.object?.fields ?? [] {
            guard let quantity = Quantity(json: field.value) else { continue }
            switch field.key {
            case "cpu": milliCPU = quantity.milliValue
            case "memory": memory = quantity.value
            case "ephemeral-storage": ephemeralStorage = quantity.value
            case "pods": break
            default: others[field.key] = quantity.value
            }
        }
    }

    var isZero: Bool { milliCPU == 0 && memory == 0 && ephemeralStorage == 0 && others.isEmpty }

    static func += (left: inout Self, right: Self) { left.add(right, sign: 1) }
    static func -= (left: inout Self, right: Self) { left.add(right, sign: -1) }

    private mutating func add(_ other: Self, sign: Int) {
        milliCPU += sign * other.milliCPU
        memory += sign * other.memory
        ephemeralStorage += sign * other.ephemeralStorage
        for (name, amount) in other.others { others[name, default: 0] += sign * amount }
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum += right
        return sum
    }

    mutating func formMaximum(_ other: Self) {
        milliCPU = max(milliCPU, other.milliCPU)
        memory = max(memory, other.memory)
        ephemeralStorage = max(ephemeralStorage, other.ephemeralStorage)
        for (name, amount) in other.others { others[name] = max(others[name] ?? 0, amount) }
    }
}

/// What a Pod asks for in all (k8s.io/component-helpers resource/helpers.go `PodRequests`).
enum PodRequests {
    /// What a container counts as in scores that asks for nothing (pkg/scheduler/util/pod_resources.go).
    private static let leastMilliCPU = 100
    private static let leastMemory = 200 * 1024 * 1024

    /// - Parameter withLeast: containers that ask for no CPU or memory count as if they asked for a little.
    static func of(_ pod: JSONValue, withLeast: Bool) -> ResourceAmounts {
        var total = ResourceAmounts()
        for container in pod.list(at: "spec", "containers") { total += request(container, withLeast) }
        var (staying, initial) = (ResourceAmounts(), ResourceAmounts())
        for container in pod.list(at: "spec", "initContainers") {
            let amounts = request(container, withLeast)
            if container.text(at: "restartPolicy") == "Always" {
                // A sidecar runs beside all that comes after it.
                total += amounts
                staying += amounts
                initial.formMaximum(staying)
            } else {
                initial.formMaximum(amounts + staying)
            }
        }
        total.formMaximum(initial)
        if let whole = pod[["spec", "resources", "requests"]], !whole.isNull {
            let amounts = ResourceAmounts(whole)
            if whole["cpu"] != nil { total.milliCPU = amounts.milliCPU }
            if whole["memory"] != nil { total.memory = amounts.memory }
        }
        return total + ResourceAmounts(pod[["spec", "overhead"]])
    }

    private static func request(_ container: JSONValue, _ withLeast: Bool) -> ResourceAmounts {
        let requests = container[["resources", "requests"]]
        var amounts = ResourceAmounts(requests)
        if withLeast, requests?["cpu"] == nil { amounts.milliCPU = leastMilliCPU }
        if withLeast, requests?["memory"] == nil { amounts.memory = leastMemory }
        return amounts
    }
}

extension Quantity {
    /// Nil for what is no quantity.
    fileprivate init?(json value: JSONValue) {
        switch value {
        case .integer(let number): self.init(Int(number))
        case .string(let text):
            guard let quantity = try? Quantity(text) else { return nil }
            self = quantity
        default: return nil
        }
    }

    /// `pods` and the like, as a plain number.
    static func count(_ value: JSONValue?) -> Int? { value.flatMap { Quantity(json: $0) }?.value }
}

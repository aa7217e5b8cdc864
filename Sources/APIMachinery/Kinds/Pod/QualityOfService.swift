import KubeAPI

/// The class of service of a pod, which its containers' requests and limits of CPU and memory make (upstream's
/// pkg/apis/core/helper/qos).
enum QualityOfService {
    static func name(of spec: JSONValue) -> String {
        let holders =
            spec.field("resources") != nil ? [spec] : spec.list("containers") + spec.list("initContainers")
        var isBestEffort = true
        var isGuaranteed = true
        for holder in holders {
            let (requests, limits) = (amounts(holder, "requests"), amounts(holder, "limits"))
            if !requests.isEmpty || !limits.isEmpty { isBestEffort = false }
            if limits.count != 2 || limits != requests { isGuaranteed = false }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }

    /// What is asked for of CPU and memory, where it is more than nothing.
    private static func amounts(_ holder: JSONValue, _ key: String) -> [String: Quantity] {
        let part = holder.part("resources").part(key)
        let amounts = ["cpu", "memory"].compactMap { name in
            part.field(name)?.quantity.map { (name, $0) }
        }
        return Dictionary(amounts.filter { $0.1 > .zero }) { $1 }
    }
}

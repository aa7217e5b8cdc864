import KubeAPI

/// What the containers of a pod ask for together of CPU and memory (k8s.io/component-helpers resource
/// `AggregateContainerRequests`).
enum ContainerRequests {
    /// Those that run at once are added up; an init container, which runs before the others, counts where it alone asks for
    /// more, beside the init containers that keep running.
    static func sums(_ spec: JSONValue) -> [(name: String, sum: Quantity)] {
        ["cpu", "memory"].compactMap { name in sum(of: name, spec).map { (name, $0) } }
    }

    /// Nil where no container asks.
    private static func sum(of name: String, _ spec: JSONValue) -> Quantity? {
        func request(_ container: JSONValue) -> Quantity? {
            container.part("resources").part("requests").field(name)?.quantity
        }
        let (containers, initContainers) = (spec.list("containers"), spec.list("initContainers"))
        guard (containers + initContainers).contains(where: { request($0) != nil }) else { return nil }
        var (lasting, first) = (Quantity.zero, Quantity.zero)
        for container in initContainers {
            let wanted = request(container) ?? .zero
            if container.text("restartPolicy") == "Always" { lasting += wanted }
            first = max(first, container.text("restartPolicy") == "Always" ? lasting : lasting + wanted)
        }
        return max(first, containers.reduce(lasting) { $0 + (request($1) ?? .zero) })
    }
}

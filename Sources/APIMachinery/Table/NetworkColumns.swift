import KubeAPI

/// What `kubectl get` prints of the kinds that the data plane is made from.
enum NetworkColumns {
    static let service: [TableColumn] = [
        .name,
        .text("Type", "How the Service is reached.") { $0.spec.text("type") },
        .text("Cluster-IP", "The address of the Service inside of the cluster.") {
            $0.spec.texts("clusterIPs").first ?? "<none>"
        },
        .text("External-IP", "The addresses of the Service outside of the cluster.", externalAddresses),
        .text("Port(s)", "The ports of the Service.") { service in
            let ports = service.spec.list("ports").map { port in
                let node = port.number("nodePort")
                return "\(port.number("port"))\(node > 0 ? ":\(node)" : "")/\(port.text("protocol"))"
            }
            return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
        },
        .age,
        .text("Selector", priority: 1, "The labels of the pods behind the Service.") {
            SelectorText.labels($0.spec.pairs("selector"))
        },
    ]

    static let endpoints: [TableColumn] = [
        .name, .text("Endpoints", "The addresses and ports.", subsets), .age,
    ]

    static let endpointSlice: [TableColumn] = [
        .name,
        .text("AddressType", "The kind of the addresses.") { $0["addressType"]?.string ?? "" },
        .text("Ports", "The ports of every endpoint.") { slice in
            few(
                (slice["ports"]?.array ?? []).map { port in
                    port.field("port")?.integer.map { "\($0)" } ?? port.field("name")?.string ?? "*"
                })
        },
        .text("Endpoints", "The endpoints.") { slice in
            few((slice["endpoints"]?.array ?? []).flatMap { $0.texts("addresses") })
        },
        .age,
    ]

    static let networkPolicy: [TableColumn] = [
        .name,
        .text("Pod-Selector", "The pods that the policy is for.") {
            SelectorText.orNone(of: $0.spec.part("podSelector"))
        },
        .age,
    ]

    static let serviceCIDR: [TableColumn] = [
        .name, .text("CIDRs", "The networks of Services' addresses.") { $0.spec.texts("cidrs").joined(separator: ",") },
        .age,
    ]

    static let ipAddress: [TableColumn] = [
        .name,
        .text("ParentRef", "The object that holds the address.") { address in
            guard let parent = address.spec.field("parentRef") else { return "<none>" }
            let group = parent.text("group")
            let resource = (group.isEmpty ? parent.text("resource") : "\(parent.text("resource")).\(group)")
                .lowercased()
            return [resource, parent.text("namespace")].filter { !$0.isEmpty }.joined(separator: "/")
                + "/\(parent.text("name"))"
        },
    ]

    private static func externalAddresses(_ service: Unstructured) -> String {
        let external = service.spec.texts("externalIPs")
        switch service.spec.text("type") {
        case "ClusterIP", "NodePort": return external.isEmpty ? "<none>" : external.joined(separator: ",")
        case "LoadBalancer":
            let ingress = service.status.part("loadBalancer").list("ingress")
            let balancer = Set(ingress.map { $0.text("ip").isEmpty ? $0.text("hostname") : $0.text("ip") })
            let all = balancer.filter { !$0.isEmpty }.sorted() + external
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        case "ExternalName": return service.spec.text("externalName")
        default: return "<unknown>"
        }
    }

    private static func subsets(_ endpoints: Unstructured) -> String {
        let subsets = endpoints["subsets"]?.array ?? []
        guard !subsets.isEmpty else { return "<none>" }
        var all: [String] = []
        for subset in subsets {
            let addresses = subset.list("addresses").map { $0.text("ip") }
            guard !subset.list("ports").isEmpty else {
                all += addresses
                continue
            }
            for port in subset.list("ports") {
                all += addresses.map { ($0.contains(":") ? "[\($0)]" : $0) + ":\(port.number("port"))" }
            }
        }
        return all.isEmpty ? "" : few(all)
    }

    /// The first three, and how many more there are.
    private static func few(_ texts: [String]) -> String {
        let first = texts.prefix(3).joined(separator: ",")
        if texts.count > 3 { return "\(first) + \(texts.count - 3) more..." }
        return first.isEmpty ? "<unset>" : first
    }
}

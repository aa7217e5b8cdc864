import KubeAPI

/// Endpoints (upstream's pkg/registry/core/endpoint).
enum EndpointsRules {
    static let rules = KindRules(
        resource: Resource(core: "Endpoints", "endpoints"), singular: "endpoints", shortNames: ["ep"],
        strategy: .init(createsOnUpdate: true),
        setDefaults: { endpoints in
            endpoints.edit(listIn: "subsets") { subset in
                subset.editEach("ports") { $0.setIfZero("protocol", "TCP") }
            }
        },
        prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures, columns: NetworkColumns.endpoints,
        columnFields: FieldMask(["subsets.addresses.ip", "subsets.ports.port"]))
}

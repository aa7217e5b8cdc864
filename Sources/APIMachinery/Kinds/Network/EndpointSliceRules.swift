import KubeAPI

/// EndpointSlices (upstream's pkg/registry/discovery/endpointslice).
enum EndpointSliceRules {
    static let rules = KindRules(
        resource: Resource("discovery.k8s.io", "EndpointSlice", "endpointslices"), singular: "endpointslice",
        setDefaults: { slice in
            slice.edit(listIn: "ports") { port in
                port.setIfAbsent("name", "")
                port.setIfAbsent("protocol", "TCP")
            }
            // Written even when there is nothing in them.
            for key in ["endpoints", "ports"] where slice[key] == nil { slice[key] = .null }
        },
        prepare: { Preparation.write(&$0, $1, first: nil, wish: [.everything, .labels]) }, failures: failures,
        columns: NetworkColumns.endpointSlice,
        columnFields: FieldMask(["addressType", "ports.port", "ports.name", "endpoints.addresses"]))
}

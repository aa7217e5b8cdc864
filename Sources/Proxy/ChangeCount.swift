/// How many objects of the two kinds that come in numbers changed.
struct ChangeCount: Equatable, Sendable {
    var services = 0
    var endpointSlices = 0

    init() {}

    init(_ event: ParsedEvent) {
        switch event {
        case .service: services = 1
        case .endpointSlice: endpointSlices = 1
        case .replaceServices(let all): services = all.count
        case .replaceEndpointSlices(let all): endpointSlices = all.count
        case .node, .replaceNodes, .serviceCIDR, .replaceServiceCIDRs, .synced: break
        }
    }

    mutating func add(_ other: ChangeCount) {
        services += other.services
        endpointSlices += other.endpointSlices
    }
}

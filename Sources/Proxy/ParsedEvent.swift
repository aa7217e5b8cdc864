import KubeAPI
import Net

/// An object as it is now, reduced to what the proxy keeps of it.
struct Parsed<Value: Sendable>: Sendable {
    let key: ObjectName
    /// Nil when the object has gone, or is none of the proxy's.
    var value: Value?
    /// What had to be left out.
    let problems: [ProxyProblem]

    /// The object is not there any more.
    static func gone(_ key: ObjectName) -> Self { Parsed(key: key, value: nil, problems: []) }
}

/// A `ProxyEvent` that has been read: what is left for the sync thread is to merge it.
///
/// It does not depend on anything but the object and the configuration, so that any thread can make it, and holds no
/// reference to the object.
enum ParsedEvent: Sendable {
    case service(Parsed<ParsedService>)
    case endpointSlice(Parsed<ParsedEndpointSlice>)
    /// This node's own.
    case node(Parsed<ParsedNode>)
    case serviceCIDR(Parsed<[IPPrefix]>)
    case synced(ProxyEvent.Kind)
    case replaceServices([Parsed<ParsedService>])
    case replaceEndpointSlices([Parsed<ParsedEndpointSlice>])
    case replaceServiceCIDRs([Parsed<[IPPrefix]>])
    /// A new list of Nodes, with this node's own.
    case replaceNodes(Parsed<ParsedNode>)
}

extension ParsedEvent {
    /// Nil for what does not concern this node: other Nodes.
    init?(_ event: ProxyEvent, _ configuration: ProxyConfiguration) {
        switch event {
        case .service(let change): self = .service(Parsed(change.object, isGone: change.isDeletion, configuration))
        case .endpointSlice(let change):
            self = .endpointSlice(Parsed(change.object, isGone: change.isDeletion, configuration))
        case .node(let change):
            guard change.object.metadata.name == configuration.nodeName else { return nil }
            self = .node(Parsed(change.current, named: configuration.nodeName))
        case .serviceCIDR(let change): self = .serviceCIDR(Parsed(change.object, isGone: change.isDeletion))
        case .gone(.service, let key): self = .service(.gone(key))
        case .gone(.endpointSlice, let key): self = .endpointSlice(.gone(key))
        case .gone(.serviceCIDR, let key): self = .serviceCIDR(.gone(key))
        case .gone(.node, let key):
            guard key.name == configuration.nodeName else { return nil }
            self = .node(Parsed(nil, named: configuration.nodeName))
        case .synced(let kind): self = .synced(kind)
        case .replaceServices(let all):
            self = .replaceServices(all.map { Parsed($0, isGone: false, configuration) })
        case .replaceEndpointSlices(let all):
            self = .replaceEndpointSlices(all.map { Parsed($0, isGone: false, configuration) })
        case .replaceServiceCIDRs(let all): self = .replaceServiceCIDRs(all.map { Parsed($0, isGone: false) })
        case .replaceNodes(let all):
            let own = all.first { $0.metadata.name == configuration.nodeName }
            self = .replaceNodes(Parsed(own, named: configuration.nodeName))
        }
    }

    var kind: ProxyEvent.Kind {
        switch self {
        case .service, .replaceServices: .service
        case .endpointSlice, .replaceEndpointSlices: .endpointSlice
        case .node, .replaceNodes: .node
        case .serviceCIDR, .replaceServiceCIDRs: .serviceCIDR
        case .synced(let kind): kind
        }
    }

    /// The object that it is about; nil for `synced` and for a new list.
    var object: ObjectName? {
        switch self {
        case .service(let change): change.key
        case .endpointSlice(let change): change.key
        case .node(let change): change.key
        case .serviceCIDR(let change): change.key
        case .synced, .replaceServices, .replaceEndpointSlices, .replaceNodes, .replaceServiceCIDRs: nil
        }
    }

    /// What has become of this node's Node object; nil for what is not about it.
    var node: Parsed<ParsedNode>? {
        switch self {
        case .node(let change), .replaceNodes(let change): change
        default: nil
        }
    }

    var isList: Bool {
        switch self {
        case .replaceServices, .replaceEndpointSlices, .replaceNodes, .replaceServiceCIDRs: true
        case .service, .endpointSlice, .node, .serviceCIDR, .synced: false
        }
    }
}

extension Parsed where Value == ParsedService {
    init(_ service: Service, isGone: Bool, _ configuration: ProxyConfiguration) {
        key = ObjectName(service.metadata)
        var problems = ProblemList(kind: Service.resource.kind, key: key)
        value = isGone ? nil : ParsedService(service, families: configuration.families, problems: &problems)
        self.problems = problems.all
    }
}

extension Parsed where Value == ParsedEndpointSlice {
    init(_ slice: EndpointSlice, isGone: Bool, _ configuration: ProxyConfiguration) {
        key = ObjectName(slice.metadata)
        var problems = ProblemList(kind: EndpointSlice.resource.kind, key: key)
        value =
            isGone
            ? nil
            : ParsedEndpointSlice(
                slice, nodeName: configuration.nodeName, families: configuration.families, problems: &problems)
        self.problems = problems.all
    }
}

extension Parsed where Value == ParsedNode {
    /// - Parameter node: nil when it has gone.
    init(_ node: Node?, named name: String) {
        key = ObjectName(namespace: "", name: name)
        var problems = ProblemList(kind: Node.resource.kind, key: key)
        value = node.map { ParsedNode($0, problems: &problems) }
        self.problems = problems.all
    }
}

extension Parsed where Value == [IPPrefix] {
    init(_ object: ServiceCIDR, isGone: Bool) {
        key = ObjectName(object.metadata)
        var problems = ProblemList(kind: ServiceCIDR.resource.kind, key: key)
        value = isGone ? nil : [IPPrefix](reading: object.spec.cidrs, field: "spec.cidrs", problems: &problems)
        self.problems = problems.all
    }
}

import Dataplane
import KubeAPI

/// The desired state as it follows from Kubernetes objects: pure, no locks, no I/O, no logging.
///
/// What `takeChanges()` has handed out, added up, depends only on the objects that exist, not on the order or the
/// grouping of the events that led to them.
package struct ProxyModel: Sendable {
    let configuration: ProxyConfiguration
    /// Services by place; a place whose Service has gone is used again. A place never moves: slices and frontends
    /// refer to it by number, so that an event hashes one name, not one for every port.
    var entries: [ServiceEntry] = []
    private var places: [ObjectKey: Int] = [:]
    private var freePlaces: [Int] = []
    /// The place of the Service that each slice was last seen with.
    var sliceOwners: [ObjectKey: Int] = [:]
    /// Who has each frontend.
    var holders: [Frontend: PortReference] = [:]
    /// Who wants a frontend that another one has. Empty unless Services conflict.
    var contenders: [Frontend: [PortReference]] = [:]
    /// Places whose result may have changed.
    private var dirty: [Int] = []
    private var synced: Set<ProxyEvent.Kind> = []
    private var nodePortAddresses: NodePortAddresses
    /// What was last published of the node.
    private var node = NodeState()
    var ledger = ProblemLedger()
    /// Kept between events for its memory.
    var candidates: [EndpointCandidate] = []

    package init(_ configuration: ProxyConfiguration) {
        self.configuration = configuration
        nodePortAddresses = NodePortAddresses(configuration)
        node.serviceCIDRs = Set(configuration.serviceCIDRs)
        node.podNetworks = Set(configuration.podNetworks ?? [])
    }

    package mutating func apply(_ event: ProxyEvent) {
        switch event {
        case .service(.added(let service)), .service(.modified(let service)):
            apply(service: service, key: ObjectKey(service.metadata))
        case .service(.deleted(let service)): apply(service: nil, key: ObjectKey(service.metadata))
        case .endpointSlice(.added(let slice)), .endpointSlice(.modified(let slice)):
            apply(slice: slice, key: ObjectKey(slice.metadata))
        case .endpointSlice(.deleted(let slice)): apply(slice: nil, key: ObjectKey(slice.metadata))
        case .node(let change): apply(node: change.current, key: change.key)
        case .synced(let kind): synced.insert(kind)
        case .replaceServices(let services):
            replaceServices(services)
            synced.insert(.service)
        case .replaceEndpointSlices(let slices):
            replaceSlices(slices)
            synced.insert(.endpointSlice)
        case .replaceNodes(let nodes):
            let own = nodes.first { $0.metadata.name == configuration.nodeName }
            apply(node: own, key: ObjectKey(namespace: "", name: configuration.nodeName))
            synced.insert(.node)
        }
    }

    /// The node's addresses as the kernel has them now.
    package mutating func setLocalAddresses(_ addresses: [LocalAddress]) {
        nodePortAddresses.setLocal(addresses)
    }

    /// Services and EndpointSlices have both been listed: what is known is all there is.
    package var isSynced: Bool { synced.isSuperset(of: [.service, .endpointSlice]) }

    /// What has changed since the last call; nothing before the model is synced. The first result after that always
    /// has the NodePort addresses, so it is not empty even where there is no Service.
    package mutating func takeChanges() -> DesiredChanges {
        guard isSynced else { return DesiredChanges() }
        var changes = DesiredChanges()
        if let addresses = nodePortAddresses.takeChange() {
            node.nodePortAddresses = addresses
            changes.node = node
        }
        for place in dirty {
            resolve(place, into: &changes.servicePorts)
            entries[place].isDirty = false
            if entries[place].isEmpty { free(place) }
        }
        dirty.removeAll(keepingCapacity: true)
        return changes
    }

    /// Problems that have come up since the last call, each once for as long as it lasts.
    package mutating func takeProblems() -> [ProxyProblem] { ledger.takeUnreported() }

    private mutating func apply(node: Node?, key: ObjectKey) {
        guard key.name == configuration.nodeName else { return }
        var problems = ProblemList(kind: "Node", key: key)
        nodePortAddresses.setNode(node, problems: &problems)
        ledger.set(problems.all, for: .node(key))
    }
}

extension ProxyModel {
    func place(of key: ObjectKey) -> Int? { places[key] }

    /// The place of a Service, made if there is none.
    mutating func makePlace(of key: ObjectKey) -> Int {
        if let place = places[key] { return place }
        let place: Int
        if let free = freePlaces.popLast() {
            place = free
            entries[place] = ServiceEntry(key: key)
        } else {
            place = entries.count
            entries.append(ServiceEntry(key: key))
        }
        places[key] = place
        return place
    }

    private mutating func free(_ place: Int) {
        places[entries[place].key] = nil
        freePlaces.append(place)
    }

    mutating func markDirty(_ place: Int) {
        guard !entries[place].isDirty else { return }
        entries[place].isDirty = true
        dirty.append(place)
    }
}

import Dataplane
import KubeAPI
import Net

/// The desired state as it follows from Kubernetes objects: pure, no locks, no I/O, no logging.
///
/// What `takeChanges()` has handed out, added up, depends only on the objects that exist, not on the order or the
/// grouping of the events that led to them.
struct ProxyModel: Sendable {
    let configuration: ProxyConfiguration
    /// Services by place; a place whose Service has gone is used again. A place never moves: slices and frontends
    /// refer to it by number, so that an event hashes one name, not one for every port.
    var entries: [ServiceEntry] = []
    private var places: [ObjectName: Int] = [:]
    private var freePlaces: [Int] = []
    /// The place of the Service that each slice was last seen with.
    var sliceOwners: [ObjectName: Int] = [:]
    /// Who has each frontend.
    var holders: [Frontend: PortReference] = [:]
    /// Who wants a frontend that another one has. Empty unless Services conflict.
    var contenders: [Frontend: [PortReference]] = [:]
    /// Places whose result may have changed.
    private var dirty: [Int] = []
    /// The service ports that differ from what was handed out last.
    var resolved: [ServicePortName: ServicePort?] = [:]
    private var synced: Set<ProxyEvent.Kind> = []
    /// This node's Node object.
    var node: ParsedNode?
    var nodePortAddresses: NodePortAddresses
    /// The addresses of this node itself.
    var ownAddresses: [IPAddress] = []
    /// The networks of ServiceCIDR objects.
    var serviceCIDRs: [ObjectName: [IPPrefix]] = [:]
    var publishedNode: NodeState?
    /// What `publishedNode` follows from may have changed.
    var isNodeStale = true
    /// The Services that ask for a health check server, by place.
    var healthCheckServices: [Int: HealthChecks.Service] = [:]
    var areHealthChecksStale = true
    var publishedHealthChecks: HealthChecks?
    var ledger = ProblemLedger()
    /// From then on changes of endpoints are measured.
    let trackerStart: Timestamp
    var pendingTriggers: [PendingTrigger] = []
    var tally = ServicePortTally()
    /// Kept between events for its memory.
    var candidates: [EndpointCandidate] = []

    init(_ configuration: ProxyConfiguration, trackerStart: Timestamp = .now) {
        self.configuration = configuration
        self.trackerStart = trackerStart
        nodePortAddresses = NodePortAddresses(configuration)
        ownAddresses = nodePortAddresses.own
    }

    mutating func apply(_ event: ParsedEvent) {
        switch event {
        case .service(let change): apply(change)
        case .endpointSlice(let change): apply(change)
        case .node(let change): apply(change)
        case .serviceCIDR(let change): apply(change)
        case .synced(let kind): synced.insert(kind)
        case .replaceServices(let services):
            replace(services)
            synced.insert(.service)
        case .replaceEndpointSlices(let slices):
            replace(slices)
            synced.insert(.endpointSlice)
        case .replaceNodes(let own):
            apply(own)
            synced.insert(.node)
        case .replaceServiceCIDRs(let all):
            replace(all)
            synced.insert(.serviceCIDR)
        }
    }

    /// All kinds that are waited for have been listed: what is known is all there is.
    var isSynced: Bool { synced.isSuperset(of: configuration.awaitedKinds) }

    /// What has changed since the last call; nothing before the model is synced. The first result after that always
    /// has the node's state, so it is not empty even where there is no Service.
    mutating func takeChanges() -> DesiredChanges {
        guard isSynced else { return DesiredChanges() }
        resolveDirty()
        var changes = DesiredChanges()
        swap(&changes.servicePorts, &resolved)
        changes.node = takeNodeChange()
        return changes
    }

    /// Works out what the events so far lead to. `takeChanges()` does so, too; called before the model is synced, it uses
    /// the time in which the lists are still coming.
    mutating func resolveDirty() {
        if dirty.count > 16 { resolved.reserveCapacity(resolved.count + dirty.count) }
        for place in dirty {
            resolve(place)
            entries[place].isDirty = false
            if entries[place].isEmpty { free(place) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Problems that have come up since the last call, each once for as long as it lasts.
    mutating func takeProblems() -> [ProxyProblem] { ledger.takeUnreported() }
}

extension ProxyModel {
    func place(of key: ObjectName) -> Int? { places[key] }

    /// The place of a Service, made if there is none.
    mutating func makePlace(of key: ObjectName) -> Int {
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

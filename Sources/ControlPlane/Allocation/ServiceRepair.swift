import APIMachinery
import KubeAPI
import Net
import Synchronization

/// Makes the IPAddress objects what the Services say, and tells of what nobody but an operator can repair
/// (pkg/registry/core/service/{ipallocator,portallocator}/controller).
final class ServiceRepair: Controller {
    enum Key: Hashable, Sendable {
        case service(ObjectName)
        case address(String)
    }

    /// As much of a Service as is needed.
    private struct Claimant {
        let object: Unstructured
        let addresses: [String]
        let ports: Set<Int>
    }

    private struct State {
        var services: [ObjectName: Claimant] = [:]
        var addresses: [String: Unstructured] = [:]
        /// The Services that have a node port.
        var ports: [Int: Set<ObjectName>] = [:]
    }

    /// How long an address may be there before its Service.
    private static let graceSeconds = 60
    private static let allocation = "ClusterIPAllocation"

    private let context: ControllerContext
    private let addressRecorder: EventRecorder
    private let portRecorder: EventRecorder
    private let ranges: ObjectCache<[IPPrefix]>
    private let nodePorts: PortRange?
    private let queue: WorkQueue<Key>
    private let state = Mutex(State())

    /// - Parameter nodePorts: what node ports are taken from; nil where that is not known.
    init(_ context: ControllerContext, nodePorts: PortRange?) {
        self.context = context
        self.nodePorts = nodePorts
        addressRecorder = context.recorder("ipallocator-repair-controller")
        portRecorder = context.recorder("portallocator-repair-controller")
        ranges = ObjectCache(context.feed, .serviceCIDRs) { object in
            object.tree.texts(at: "spec", "cidrs").compactMap { try? IPPrefix($0) }
        }
        queue = context.queue()
        // Addresses first: a Service and its addresses come together.
        context.feed.subscribe(.ipAddresses) { [self] change in
            let owner = state.withLock { state in
                state.addresses[change.name.name] = change.isGone ? nil : change.object
                return change.object.addressOwner
            }
            queue.add(.address(change.name.name))
            if let owner { queue.add(.service(owner)) }
        }
        context.feed.subscribe(.services) { [self] change in note(change) }
    }

    func run() async throws {
        try await context.runner("service-repair", queue) { (key) throws(Status) in
            switch key {
            case .service(let name): try await self.checkService(name)
            case .address(let name): try await self.checkAddress(name)
            }
        }.run()
    }

    private func note(_ change: ObjectFeed.Change) {
        var ports: Set<Int> = []
        for case .nodePort(let port) in ServiceDemand(change.object["spec"]).claims { ports.insert(Int(port)) }
        let new =
            change.isGone
            ? nil : Claimant(object: change.object, addresses: change.object.clusterAddresses, ports: ports)
        let old = state.withLock { state in
            let old = state.services[change.name]
            for port in old?.ports ?? [] {
                state.ports[port]?.remove(change.name)
                if state.ports[port]?.isEmpty == true { state.ports[port] = nil }
            }
            for port in new?.ports ?? [] { state.ports[port, default: []].insert(change.name) }
            state.services[change.name] = new
            return old
        }
        if old?.addresses != new?.addresses {
            for address in old?.addresses ?? [] { queue.add(.address(address)) }
        }
        if old?.addresses != new?.addresses || old?.ports != new?.ports { queue.add(.service(change.name)) }
    }

    // MARK: - Services

    private func checkService(_ name: ObjectName) async throws(Status) {
        guard let service = state.withLock({ $0.services[name] }) else { return }
        let given = ServiceDemand(service.object["spec"]).clusterIPs
        for text in given where text != "None" && IPAddress(parsing: text) == nil {
            addressRecorder.warning(
                "ClusterIPNotValid", "Cluster IP \(text) is not a valid IP; please recreate Service",
                about: service.object, action: "ClusterIPValidation")
        }
        for address in service.addresses { try await check(address, of: service.object) }
        checkPorts(of: service, name)
    }

    private func check(_ address: String, of service: Unstructured) async throws(Status) {
        guard let ip = IPAddress(parsing: address) else { return }
        func warn(_ reason: String, _ message: String) {
            addressRecorder.warning(reason, message, about: service, action: Self.allocation)
        }
        guard ranges.values.contains(where: { $0.contains { $0.contains(ip) } }) else {
            return warn(
                "ClusterIPOutOfRange",
                "Cluster IP [\(ip.family)]: \(ip) is not within any configured Service CIDR; please recreate service")
        }
        guard let document = state.withLock({ $0.addresses[address] }) else {
            warn("ClusterIPNotAllocated", "Cluster IP [\(ip.family)]: \(ip) is not allocated; repairing")
            return try await create(address, for: service)
        }
        if document.addressOwner == service.objectName {
            let isMarked =
                document.labels[Registry.addressManagerLabel] == Registry.addressManager
                && document.labels[Registry.addressFamilyLabel] == "\(ip.family)"
            if !isMarked { try await replace(document, for: service) }
            return
        }
        let other = document.addressOwner.flatMap { name in state.withLock { $0.services[name] } }
        guard let other else {
            warn(
                "ClusterIPNotAllocated",
                "the ClusterIP [\(ip.family)]: \(ip) for Service \(service.objectName) has a wrong reference; repairing"
            )
            return try await replace(document, for: service)
        }
        if other.addresses.contains(address) {
            warn(
                "ClusterIPAlreadyAllocated",
                "Cluster IP [\(ip.family)]:\(ip) was assigned to multiple services; please recreate service")
        }
    }

    private func replace(_ document: Unstructured, for service: Unstructured) async throws(Status) {
        try await context.delete(.ipAddresses, document.objectName, DeletionOptions(uid: document.uid))
        try await create(document.name, for: service)
    }

    private func create(_ address: String, for service: Unstructured) async throws(Status) {
        let object = Registry.document(of: address, for: service.objectName)
        _ = try await context.client.create(object, in: .ipAddresses)
    }

    private func checkPorts(of service: Claimant, _ name: ObjectName) {
        for port in service.ports.sorted() {
            if let nodePorts, !(UInt16(exactly: port).map { nodePorts.contains($0) } ?? false) {
                portRecorder.warning(
                    "PortOutOfRange",
                    "Port \(port) is not within the port range \(nodePorts); please recreate service",
                    about: service.object, action: "PortAllocation")
            } else if state.withLock({ $0.ports[port]?.count ?? 0 }) > 1 {
                portRecorder.warning(
                    "PortAlreadyAllocated",
                    "Port \(port) was assigned to multiple services; please recreate service", about: service.object,
                    action: "PortAllocation")
            }
        }
    }

    // MARK: - Addresses

    /// An address that no Service has any more goes.
    private func checkAddress(_ name: String) async throws(Status) {
        guard let document = state.withLock({ $0.addresses[name] }),
            document.labels[Registry.addressManagerLabel] == Registry.addressManager
        else { return }
        guard let owner = document.addressOwner else {
            return try await clean(
                document, "IPAddressNotAllocated",
                "IPAddress \(name) appears to have been modified, not referencing a Service "
                    + "\(String(decoding: (document[["spec", "parentRef"]] ?? .null).json, as: UTF8.self)): cleaning up"
            )
        }
        let service = state.withLock { $0.services[owner] }
        if let service, service.addresses.contains(name) { return }
        // Its Service may be on the way.
        let age = context.clock.now - (document.creationTimestamp ?? context.clock.now)
        let grace = Duration.seconds(Self.graceSeconds)
        if service == nil || service?.object.tree.text(at: "spec", "type") == "ExternalName", age < grace {
            queue.add(.address(name), after: grace - age)
            return
        }
        guard service == nil else {
            return try await clean(
                document, "IPAddressWrongReference",
                "IPAddress: \(name) for Service \(owner) has a wrong reference; cleaning up")
        }
        try await clean(
            document, "IPAddressNotAllocated",
            "IPAddress: \(name) for Service \(owner) appears to have leaked: cleaning up")
    }

    private func clean(_ document: Unstructured, _ reason: String, _ message: String) async throws(Status) {
        addressRecorder.warning(reason, message, about: document, action: "IPAddressAllocation")
        try await context.delete(.ipAddresses, document.objectName, DeletionOptions(uid: document.uid))
    }
}

import APIMachinery
import KubeAPI
import Logging
import Net
import ServiceLifecycle

/// What the controllers of a control plane are made from.
package struct ControllerConfiguration: Sendable {
    /// The ranges that Nodes get their pod addresses from, at most one of a family; none for no allocation.
    package var clusterCIDRs: [IPPrefix]
    /// The CA that clients of the API are to trust, in PEM; nil for none.
    package var rootCertificate: String?
    /// How long a Node's kubelet may be silent.
    package var nodeGraceSeconds: Int
    /// Where others reach the API, for the endpoints of Service `kubernetes`; nil for nowhere.
    package var advertised: (address: IPAddress, port: UInt16)?

    /// How long an Event is kept after it was written last.
    package var eventLifetimeSeconds = 3600
    /// What ClusterIPs are taken from, for ServiceCIDR `kubernetes`; none where that is not told apart.
    package var serviceCIDRs: [IPPrefix] = []
    /// What node ports are taken from; nil where that is not told apart.
    package var nodePorts: PortRange?

    package init(
        clusterCIDRs: [IPPrefix] = [], rootCertificate: String? = nil, nodeGraceSeconds: Int = 40,
        advertised: (address: IPAddress, port: UInt16)? = nil
    ) {
        self.clusterCIDRs = clusterCIDRs
        self.rootCertificate = rootCertificate
        self.nodeGraceSeconds = nodeGraceSeconds
        self.advertised = advertised
    }
}

/// The controllers and the scheduler: all that makes the state of the cluster what its objects ask for. Everything is
/// found out from the objects themselves, so that nothing is lost when it starts again.
package final class ControllerSet: ServiceLifecycle.Service {
    private let context: ControllerContext
    private let controllers: [any Controller]
    private let following = Gate()

    /// - Parameter kinds: all kinds that are served.
    package init(
        client: any ObjectClient, configuration: ControllerConfiguration, clock: any ControllerClock = SystemClock(),
        kinds: KindTable = .kubernetes, logger: Logger
    ) {
        context = ControllerContext(client: client, clock: clock, logger: logger)
        controllers = Self.controllers(context, configuration, kinds)
    }

    /// Follows the objects and works until the task is cancelled or the process shuts down. Once only.
    ///
    /// - Throws: the `Status` of a kind that cannot be followed.
    package func run() async throws {
        let feed = context.feed
        try await feed.start(context.client)
        defer { feed.stop() }
        following.open()
        try await withThrowingTaskGroup { group in
            for controller in controllers { group.addTask { try await controller.run() } }
            try await group.waitForAll()
        }
    }

    /// Returns when all is as it should be for everything that was written before the call; what has failed several times
    /// is not waited for.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws {
        try await following.wait()
        try await context.activity.settled()
    }

    private static func controllers(
        _ context: ControllerContext, _ configuration: ControllerConfiguration, _ table: KindTable
    ) -> [any Controller] {
        // Caches first, so that whoever is told of a change finds it there.
        let namespaces = ObjectCache(context.feed, .namespaces)
        let deployments = ObjectCache(context.feed, .deployments)
        let replicaSets = ObjectCache(context.feed, .replicaSets)
        let statefulSets = ObjectCache(context.feed, .statefulSets)
        let catalog = ServiceCatalog(context)
        // What another kind only shows in another shape is not looked at twice; Events own nothing.
        let kinds = table.rows.filter { $0.storedShape == nil }.map(\.resource)
        let owning = kinds.filter { $0 != .events }
        let scheduler = Scheduler(context) { pod in
            var selectors = catalog.selectors(selecting: pod.labels, in: pod.name.namespace).map {
                Selector(labels: $0)
            }
            if let name = pod.owner?.name(of: .replicaSets, in: pod.name.namespace), let set = replicaSets[name] {
                selectors.append(Selector(set.tree[["spec", "selector"]]))
            } else if let name = pod.owner?.name(of: .statefulSets, in: pod.name.namespace),
                let set = statefulSets[name]
            {
                selectors.append(Selector(set.tree[["spec", "selector"]]))
            }
            return selectors
        }
        let ownEndpoints = configuration.advertised.map {
            KubernetesEndpoints(context, address: $0.address, port: $0.port)
        }
        let optional: [any Controller] = ownEndpoints.map { [$0] } ?? []
        return optional + [
            context.events, scheduler,
            EventExpiry(context, lifetimeSeconds: configuration.eventLifetimeSeconds),
            EndpointsController(context, catalog: catalog), EndpointsMirror(context),
            ServiceRepair(context, nodePorts: configuration.nodePorts),
            ServiceCIDRController(context, configured: configuration.serviceCIDRs),
            DeploymentController(context, deployments: deployments, replicaSets: replicaSets),
            ReplicaSetController(context, replicaSets: replicaSets), DaemonSetController(context),
            JobController(context), CronJobController(context), StatefulSetController(context, sets: statefulSets),
            NamespaceController(context, namespaces: namespaces, kinds: kinds.filter(\.isNamespaced)),
            NamespaceContents(context, namespaces: namespaces, rootCertificate: configuration.rootCertificate),
            GarbageCollector(context, kinds: owning),
            NodeHealth(context, graceSeconds: configuration.nodeGraceSeconds),
            TaintEviction(context), PodCollector(context),
            NodeAddresses(context, ranges: configuration.clusterCIDRs),
            DisruptionController(
                context,
                scales: ["Deployment": deployments, "ReplicaSet": replicaSets, "StatefulSet": statefulSets]),
        ]
    }
}

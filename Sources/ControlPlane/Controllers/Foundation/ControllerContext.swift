import APIMachinery
import KubeAPI
import Logging

/// What all controllers share.
struct ControllerContext: Sendable {
    let client: any ObjectClient
    let clock: any ControllerClock
    let logger: Logger
    let feed = ObjectFeed()
    let activity = Activity()
    let pods: PodCache
    let nodes: ObjectCache<Unstructured>
    let events: EventPosts

    init(client: any ObjectClient, clock: any ControllerClock, logger: Logger) {
        self.client = client
        self.clock = clock
        self.logger = logger
        pods = PodCache(feed)
        nodes = ObjectCache(feed, .nodes)
        events = EventPosts(client: client, clock: clock, activity: activity, logger: logger)
    }

    func queue<Key: Hashable & Sendable>(of type: Key.Type = Key.self) -> WorkQueue<Key> {
        WorkQueue(clock: clock, activity: activity)
    }

    func runner<Key: Hashable & Sendable>(
        _ name: String, _ queue: WorkQueue<Key>, reconcile: @escaping @Sendable (Key) async throws(Status) -> Void
    ) -> ControllerRunner<Key> {
        ControllerRunner(name: name, logger: logger, queue: queue, reconcile: reconcile)
    }

    func recorder(_ component: String) -> EventRecorder { EventRecorder(component: component, posts: events) }

    /// Writes `status` where it differs from what the object was read with.
    @discardableResult
    func writeStatus(
        _ object: Unstructured, was old: Unstructured, in resource: Resource
    ) async throws(Status) -> Unstructured {
        if object["status"] == old["status"] { return object }
        return try await client.update(object, in: resource, subresource: "status")
    }

    /// Deletes an object that may be gone already.
    func delete(
        _ resource: Resource, _ name: ObjectName, _ options: DeletionOptions = DeletionOptions()
    ) async throws(Status) {
        do {
            try await client.delete(resource, name, options)
        } catch {
            if error.code != 404 { throw error }
        }
    }
}

/// One of the control plane's loops.
protocol Controller: Sendable {
    /// Works until the task is cancelled or the process shuts down.
    func run() async throws
}

import APIMachinery
import KubeAPI
import Logging
import ServiceLifecycle
import Synchronization

/// The events of all controllers on their way into the store: each is written once and counted from then on. Posting
/// never waits; an event that cannot be written is dropped.
final class EventPosts: Controller {
    /// What makes two events the same. One of many alike is the same whatever its text.
    private struct Identity: Hashable, Sendable {
        let event: ControllerEvent
    }

    private struct Post {
        var event: ControllerEvent
        let name: String
        let first: Timestamp
        var last: Timestamp
        var count = 1
        var isWritten = false
    }

    private struct State {
        var correlation = EventCorrelation()
        var posts: [Identity: Post] = [:]
        var nameTime: Int64 = 0
    }

    /// Beyond this the event that was seen longest ago is no longer counted, but written anew.
    private static let memoryLimit = 4096
    /// How many are written at once: the store makes one commit of them.
    private static let widest = 32

    private let client: any ObjectClient
    private let clock: any ControllerClock
    private let logger: Logger
    private let state = Mutex(State())
    private let queue: WorkQueue<Identity>

    init(client: any ObjectClient, clock: any ControllerClock, activity: Activity, logger: Logger) {
        self.client = client
        self.clock = clock
        self.logger = logger
        queue = WorkQueue(clock: clock, activity: activity)
    }

    func add(_ event: ControllerEvent) {
        let now = clock.now
        let identity = state.withLock { state -> Identity? in
            guard let event = state.correlation.correlate(event, now: now) else { return nil }
            var plain = event
            if event.message.hasPrefix("(combined from similar events): ") { plain.message = "" }
            let identity = Identity(event: plain)
            if var post = state.posts[identity] {
                post.event = event
                post.last = now
                post.count += 1
                state.posts[identity] = post
            } else {
                // Upstream's names end in the time in nanoseconds; here they must differ when the time does not.
                state.nameTime = max(state.nameTime + 1, now.microsecondsSinceEpoch * 1000)
                let suffix = String(state.nameTime, radix: 16)
                state.posts[identity] = Post(
                    event: event, name: "\(event.subject.name.name).\(suffix)", first: now, last: now)
                state.posts.dropOldest(beyond: Self.memoryLimit) { $0.last }
            }
            return identity
        }
        if let identity { queue.add(identity) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                var count = 0
                while let identity = await self.queue.next() {
                    if count == Self.widest { await group.next() } else { count += 1 }
                    group.addTask {
                        await self.write(identity)
                        self.queue.succeed(identity)
                    }
                }
            }
        }
    }

    private func write(_ identity: Identity) async {
        guard let post = state.withLock({ $0.posts[identity] }) else { return }
        let document = Self.document(post)
        do throws(Status) {
            if post.isWritten {
                do throws(Status) {
                    _ = try await client.update(document, in: .events, subresource: nil)
                } catch {
                    // Events are cleaned up after a while.
                    guard error.code == 404 else { throw error }
                    _ = try await client.create(document, in: .events)
                }
            } else {
                _ = try await client.create(document, in: .events)
            }
            state.withLock { $0.posts[identity]?.isWritten = true }
        } catch {
            logger.debug("\(error.message)", metadata: ["event": "\(post.event.reason) \(post.event.message)"])
            state.withLock { _ = $0.posts.removeValue(forKey: identity) }
        }
    }

    private static func document(_ post: Post) -> Unstructured {
        let event = post.event
        let namespace = event.subject.name.namespace
        var document = Unstructured(.events, namespace: namespace.isEmpty ? "default" : namespace, name: post.name)
        var subject: JSONValue = [
            "apiVersion": .string(event.subject.apiVersion), "kind": .string(event.subject.kind),
            "name": .string(event.subject.name.name), "uid": .string(event.subject.uid),
        ]
        if !namespace.isEmpty { subject["namespace"] = .string(namespace) }
        document["involvedObject"] = subject
        document["type"] = .string(event.kind.rawValue)
        document["reason"] = .string(event.reason)
        document["message"] = .string(String(event.message.prefix(1024)))
        document["reportingComponent"] = .string(event.component)
        if event.action.isEmpty {
            document["source"] = ["component": .string(event.component)]
            document["reportingInstance"] = ""
            document["firstTimestamp"] = .string(post.first.text)
            document["lastTimestamp"] = .string(post.last.text)
            document["count"] = JSONValue(post.count)
        } else {
            document["reportingInstance"] = .string("\(event.component)-fairlead")
            document["action"] = .string(event.action)
            document["eventTime"] = .string(post.first.microsecondText)
            if post.count > 1 {
                document["series"] = [
                    "count": JSONValue(post.count), "lastObservedTime": .string(post.last.microsecondText),
                ]
            }
        }
        return document
    }
}

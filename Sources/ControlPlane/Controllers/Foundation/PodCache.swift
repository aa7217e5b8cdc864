import KubeAPI
import Synchronization

/// All Pods, found by their name, their node and their controller.
final class PodCache: Sendable {
    private struct State {
        var pods: [ObjectName: PodRecord] = [:]
        var byNamespace: [String: Set<ObjectName>] = [:]
        var byNode: [String: Set<ObjectName>] = [:]
        var byOwner: [String: Set<ObjectName>] = [:]
        /// Those that wait to be counted, by the name of their Job.
        var byJob: [ObjectName: Set<ObjectName>] = [:]
        /// Those without a controller, by namespace.
        var orphans: [String: Set<ObjectName>] = [:]
        var observers: [@Sendable (_ old: PodRecord?, _ new: PodRecord?) -> Void] = []

        mutating func file(_ pod: PodRecord, _ change: (inout Set<ObjectName>, ObjectName) -> Void) {
            Self.edit(&byNamespace, pod.name.namespace, pod.name, change)
            if !pod.nodeName.isEmpty { Self.edit(&byNode, pod.nodeName, pod.name, change) }
            if let owner = pod.owner {
                Self.edit(&byOwner, owner.uid, pod.name, change)
                if pod.isTracked, let job = owner.name(of: .jobs, in: pod.name.namespace) {
                    Self.edit(&byJob, job, pod.name, change)
                }
            } else {
                Self.edit(&orphans, pod.name.namespace, pod.name, change)
            }
        }

        private static func edit<Key: Hashable>(
            _ index: inout [Key: Set<ObjectName>], _ key: Key, _ name: ObjectName,
            _ change: (inout Set<ObjectName>, ObjectName) -> Void
        ) {
            change(&index[key, default: []], name)
            if index[key]?.isEmpty == true { index[key] = nil }
        }

        func records(_ names: Set<ObjectName>?) -> [PodRecord] { (names ?? []).compactMap { pods[$0] } }
    }

    private let state = Mutex(State())

    init(_ feed: ObjectFeed) {
        feed.subscribe(.pods) { [self] change in
            let new = change.isGone ? nil : PodRecord(change.object)
            let (old, observers) = state.withLock { state in
                let old = state.pods[change.name]
                if let old { state.file(old) { $0.remove($1) } }
                if let new { state.file(new) { $0.insert($1) } }
                state.pods[change.name] = new
                return (old, state.observers)
            }
            for observer in observers { observer(old, new) }
        }
    }

    /// Calls `observer` after each change, with what was known before it and what is known now. Before the feed starts.
    func observe(_ observer: @escaping @Sendable (_ old: PodRecord?, _ new: PodRecord?) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    subscript(name: ObjectName) -> PodRecord? { state.withLock { $0.pods[name] } }

    var all: [PodRecord] { state.withLock { Array($0.pods.values) } }

    func pods(in namespace: String) -> [PodRecord] { state.withLock { $0.records($0.byNamespace[namespace]) } }

    func pods(on node: String) -> [PodRecord] { state.withLock { $0.records($0.byNode[node]) } }

    func pods(ownedBy uid: String) -> [PodRecord] { state.withLock { $0.records($0.byOwner[uid]) } }

    /// Those of a Job of this name, whatever its uid, that wait to be counted.
    func tracked(byJob name: ObjectName) -> [PodRecord] { state.withLock { $0.records($0.byJob[name]) } }

    func orphans(in namespace: String) -> [PodRecord] { state.withLock { $0.records($0.orphans[namespace]) } }

    /// The nodes that Pods are bound to.
    var nodeNames: Set<String> { state.withLock { Set($0.byNode.keys) } }
}

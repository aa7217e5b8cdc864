import Netlink
import Synchronization
import TestSupport

/// What is measured together, in rounds.
enum CNIFigure: CaseIterable {
    case start
    /// What the kernel alone takes to answer the removal of a link to a pod.
    case floor
    /// ADD and DEL with masquerading.
    case pods
    /// As well, with one host port each.
    case hostPorts
    case burst

    /// Nanoseconds by the result that they belong to.
    typealias Samples = [String: [Double]]

    var results: [String] {
        switch self {
        case .start: ["start"]
        case .floor: ["removal of a link"]
        case .pods: ["add", "del", "check"]
        case .hostPorts: ["add with a host port", "del with a host port", "check with a host port"]
        case .burst: ["add in a burst", "burst of adds", "del in a burst", "burst of dels"]
        }
    }

    func measure(_ node: CNIBenchNode, pods count: Int, atOnce: Int) throws -> Samples {
        switch self {
        case .start:
            return [results[0]: try node.namespace.run { try (0..<count).map { _ in try node.chain.version() } }]
        case .floor: return [results[0]: try measureFloor(node, count)]
        case .pods, .hostPorts: return try measurePods(node, count)
        case .burst: return try measureBurst(node, count, atOnce: atOnce)
        }
    }

    private func measureFloor(_ node: CNIBenchNode, _ count: Int) throws -> [Double] {
        let pods = try (0..<count).map { try CNIBenchPod($0, node) }
        return try node.namespace.run {
            var socket = try RouteSocket()
            return try pods.map { pod in
                let link = LinkReference.name("floor\(pod.number)")
                let peer = LinkAttributes(
                    name: "eth9", namespace: try NetworkNamespace(path: pod.interface.namespacePath))
                let pair = LinkSpecification(LinkAttributes(name: "floor\(pod.number)"), kind: .veth(peer: peer))
                try socket.perform([.addLink(pair), .setLink(link, LinkAttributes(isUp: true))])
                let start = MonotonicClock.nanoseconds
                try socket.perform(.deleteLink(link))
                return Double(MonotonicClock.nanoseconds - start)
            }
        }
    }

    private func measurePods(_ node: CNIBenchNode, _ count: Int) throws -> Samples {
        let pods = try (0..<count).map { try CNIBenchPod($0, node) }
        func hostPort(_ pod: CNIBenchPod) -> Int? { self == .hostPorts ? 20_000 + pod.number : nil }
        return try node.namespace.run {
            let added = try pods.map {
                try node.chain.add($0.interface, hostPort: hostPort($0), dataFolder: node.dataFolder)
            }
            let checked = try zip(pods, added).map { pod, added in
                try node.chain.check(
                    pod.interface, hostPort: hostPort(pod), result: added.result, dataFolder: node.dataFolder)
            }
            let deleted = try zip(pods, added).map { pod, added in
                try node.chain.delete(
                    pod.interface, hostPort: hostPort(pod), result: added.result, dataFolder: node.dataFolder)
            }
            return [results[0]: added.map(\.nanoseconds), results[1]: deleted, results[2]: checked]
        }
    }

    private func measureBurst(_ node: CNIBenchNode, _ count: Int, atOnce: Int) throws -> Samples {
        let pods = try (0..<count).map { try CNIBenchPod($0, node) }
        let added = try Self.inParallel(pods, atOnce, node) { pod in
            (pod, try node.chain.add(pod.interface, hostPort: nil, dataFolder: node.dataFolder))
        }
        let deleted = try Self.inParallel(added.results, atOnce, node) { pod, added in
            try node.chain.delete(pod.interface, hostPort: nil, result: added.result, dataFolder: node.dataFolder)
        }
        return [
            results[0]: added.results.map(\.1.nanoseconds), results[1]: [added.nanoseconds],
            results[2]: deleted.results, results[3]: [deleted.nanoseconds],
        ]
    }

    /// Calls `body` for each item on so many threads, in the node's network namespace.
    ///
    /// - Returns: what it returned, in any order, and the nanoseconds until the last had.
    private static func inParallel<Item: Sendable, Value: Sendable>(
        _ items: [Item], _ threads: Int, _ node: CNIBenchNode, _ body: @escaping @Sendable (Item) throws -> Value
    ) throws -> (results: [Value], nanoseconds: Double) {
        let state = Mutex(ParallelState<Value>())
        let start = MonotonicClock.nanoseconds
        try node.namespace.run {
            let threads = try (0..<threads).map { _ in
                try JoinableThread {
                    while true {
                        let index = state.withLock { state in
                            defer { state.next += 1 }
                            return state.next
                        }
                        guard index < items.count else { return }
                        do {
                            let result = try body(items[index])
                            state.withLock { $0.results.append(result) }
                        } catch {
                            state.withLock { $0.failure = error }
                        }
                    }
                }
            }
            for thread in threads { thread.join() }
        }
        let nanoseconds = Double(MonotonicClock.nanoseconds - start)
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return (state.results, nanoseconds)
        }
    }
}

/// Of calls that several threads make.
private struct ParallelState<Value: Sendable> {
    var next = 0
    var results: [Value] = []
    var failure: (any Error)?
}

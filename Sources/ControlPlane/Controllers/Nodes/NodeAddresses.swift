import APIMachinery
import KubeAPI
import Net
import Synchronization

/// Gives each Node its share of the cluster's pod addresses (pkg/controller/nodeipam, range allocator): /24 of IPv4 and
/// /64 of IPv6.
final class NodeAddresses: Controller {
    private let context: ControllerContext
    private let recorder: EventRecorder
    private let queue: WorkQueue<String>
    private let ranges: [IPPrefix]
    /// The prefixes that Nodes have.
    private let taken = Mutex<[String: [IPPrefix]]>([:])

    /// - Parameter ranges: the cluster's, at most one of a family; none for no allocation.
    init(_ context: ControllerContext, ranges: [IPPrefix]) {
        self.context = context
        self.ranges = ranges
        recorder = context.recorder("cidrAllocator")
        queue = context.queue()
        context.feed.subscribe(.nodes) { [self] change in
            let prefixes = change.isGone ? [] : Self.prefixes(of: change.object)
            taken.withLock { $0[change.name.name] = prefixes.isEmpty ? nil : prefixes }
            if !change.isGone, prefixes.isEmpty, !ranges.isEmpty { queue.add(change.name.name) }
            // What it had is free for one that got none.
            guard change.isGone, !ranges.isEmpty else { return }
            for node in context.nodes.values where Self.prefixes(of: node).isEmpty { queue.add(node.name) }
        }
    }

    func run() async throws {
        try await context.runner("node-addresses", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private static func prefixes(of node: Unstructured) -> [IPPrefix] {
        let list = node.tree.texts(at: "spec", "podCIDRs")
        let one = node.tree.text(at: "spec", "podCIDR")
        return (list.isEmpty ? [one] : list).compactMap { try? IPPrefix($0) }
    }

    private func reconcile(_ name: String) async throws(Status) {
        guard var node = context.nodes[ObjectName(namespace: "", name: name)], Self.prefixes(of: node).isEmpty,
            node.deletionTimestamp == nil
        else { return }
        let used = Set(taken.withLock { $0.values.flatMap { $0 } })
        var given: [IPPrefix] = []
        for range in ranges {
            guard let prefix = range.firstShare(not: used) else {
                recorder.normal("CIDRNotAvailable", "Node \(name) status is now: CIDRNotAvailable", about: node)
                return
            }
            given.append(prefix)
        }
        node[["spec", "podCIDR"]] = given.first.map { .string($0.description) }
        node[["spec", "podCIDRs"]] = JSONValue(given.map(\.description))
        _ = try await context.client.update(node, in: .nodes, subresource: nil)
    }
}

extension IPPrefix {
    /// The first part of this network of a node's size that overlaps none of `used`.
    fileprivate func firstShare(not used: Set<IPPrefix>) -> IPPrefix? {
        let size = Swift.max(length, family == .ipv4 ? 24 : 64)
        let others = used.filter { $0.family == family && $0.length != size }
        let step = UInt128(1) << UInt128(family.bitWidth - size)
        var number = address.number
        while number <= lastAddress.number {
            guard let share = IPPrefix(containing: IPAddress(number: number, family: family), length: size) else {
                return nil
            }
            if !used.contains(share), !others.contains(where: { $0.overlaps(share) }) { return share }
            let (next, overflows) = number.addingReportingOverflow(step)
            if overflows { return nil }
            number = next
        }
        return nil
    }
}

import Dataplane
import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@Suite("The nftables back end on a real kernel", .networkNamespaces, .fewAtATime)
struct BackendStateTests {
    /// A back end in a network namespace of its own.
    private struct Kernel: ~Copyable {
        let namespace: NetworkNamespace
        private var backend: NFTBackend

        init() throws {
            let namespace = try NetworkNamespace.create()
            backend = try Self.open(in: namespace)
            self.namespace = namespace
        }

        private static func open(in namespace: NetworkNamespace) throws -> NFTBackend {
            // A value that cannot be copied cannot be a closure's result.
            let opened = Mutex<NFTBackend?>(nil)
            try namespace.run {
                try opened.withLock { $0 = try NFTBackend(DataplaneConfiguration(detector: .podNetworks)) }
            }
            return try opened.withLock { try $0.take() ?? { throw CancellationError() }() }
        }

        mutating func commit(_ dirty: Dirty, _ desired: DesiredState) throws {
            _ = try backend.commit(dirty, desired: desired)
        }

        /// A daemon that knows nothing of what is there takes its place.
        mutating func restart() throws {
            backend = try Self.open(in: namespace)
        }

        func table(_ family: IPFamily) throws -> CanonicalTable {
            CanonicalTable(try NFTDocument(of: namespace), family: family.tableFamily)
        }

        /// Chains with their rules, without those of size classes that only one of two has, nor endpoints' order.
        func affinity() throws -> [String] {
            let text = try Tool.run("nft", "list", "ruleset", in: namespace)
            return text.split(separator: "\n").map { $0.drop { $0 == "\t" } }
                .filter {
                    $0.hasPrefix("chain affinity") || $0.hasPrefix("chain endpoint") || $0.hasPrefix("set clients")
                }
                .map(String.init).sorted()
        }
    }

    @Test(
        "any sequence of changes and restarts leaves what a full sync from empty would",
        arguments: 0..<2 as Range<UInt64>)
    func anySequence(seed: UInt64) throws {
        var random = RandomServicePorts(seed: seed)
        var desired = DesiredState()
        desired.node.podNetworks = Set(LabAddresses.clusterCIDRs)
        var kernel = try Kernel()
        try kernel.commit(.everything, desired)
        for step in 0..<80 {
            let dirty = random.change(&desired)
            if step % 23 == 22 { try kernel.restart() }
            try kernel.commit(dirty, desired)
            guard step % 20 == 19 else { continue }
            var fresh = try Kernel()
            try fresh.commit(.everything, desired)
            for family in IPFamily.allCases {
                let table = try kernel.table(family)
                let difference = try table.lines.difference(from: fresh.table(family).lines)
                #expect(difference.map(\.text) == [], "seed \(seed), step \(step)")
                #expect(table.gaps == [])
            }
            #expect(try kernel.affinity() == fresh.affinity(), "seed \(seed), step \(step)")
            // What nft prints it can load, and prints the same then.
            let text = try Tool.run("nft", "list", "ruleset", in: kernel.namespace)
            let other = try NetworkNamespace.create()
            try Tool.run("nft", "-f", "-", in: other, input: text)
            #expect(try Tool.run("nft", "list", "ruleset", in: other) == text)
        }
    }
}

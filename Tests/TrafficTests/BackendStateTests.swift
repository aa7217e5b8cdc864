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

    @Test("where there is no table, what others wait for is there before the rest", arguments: IPFamily.allCases)
    func essentialFirst(family: IPFamily) throws {
        func name(_ service: String) -> ServicePortName {
            ServicePortName(namespace: "default", service: service, port: "https", protocol: .tcp, family: family)
        }
        func port(_ host: UInt8, pod: UInt8) -> ServicePort {
            ServicePort(
                clusterIP: LabAddresses.service(host)[family], port: 443,
                endpoints: [Endpoint(address: LabAddresses.pod(pod, node: 1)[family], port: 6443)])
        }
        var desired = DesiredState()
        desired.node.serviceCIDRs = Set(LabAddresses.serviceCIDRs)
        desired.servicePorts[name("kubernetes")] = port(1, pod: 11)
        desired.servicePorts[name("kubernetes")]?.isEssential = true
        // Two that want the same: the kernel refuses the transaction that has them.
        desired.servicePorts[name("one")] = port(9, pod: 12)
        desired.servicePorts[name("other")] = port(9, pod: 13)
        var kernel = try Kernel()
        #expect(throws: CommitFailure.self) { try kernel.commit(.everything, desired) }
        let table = try kernel.table(family)
        #expect(table.sets["cluster-ips"] == [LabAddresses.service(1)[family].description])
        #expect(table.endpoints.count == 1)
        // Until all is there, an address of the ServiceCIDR may be one that is still to come.
        #expect(table.sets["service-cidrs"] == nil)
        desired.servicePorts[name("other")] = nil
        try kernel.commit(.everything, desired)
        #expect(try kernel.table(family).sets["cluster-ips"]?.count == 2)
        #expect(try kernel.table(family).sets["service-cidrs"]?.isEmpty == false)
    }
}

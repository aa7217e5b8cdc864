import Net
import Netlink

/// What a table should have: all of it, or only the elements that are asked for. A sink, so that the planner that writes
/// the table says what should be there, too.
package struct NFTExpected: NFTPlanSink {
    /// What a map gives for a key.
    package enum Value: Hashable, Sendable {
        case member
        case data(NFTData)
        case chain(String)
    }

    package private(set) var chains: [NFTChain] = []
    package private(set) var sets: [NFTSet] = []
    package private(set) var rules: [String: [NFTRule]] = [:]
    package private(set) var elements: [SetID: [NFTData: Value]] = [:]
    package private(set) var prefixes: [SetID: [IPPrefix]] = [:]
    package private(set) var ranges: [SetID: [(key: NFTData, prefix: IPPrefix)]] = [:]
    /// By `SetID.index`; nil for a set whose elements are not asked for.
    private var wanted: [NFTSuspects?] = []
    private var wantsAll = false

    /// All elements.
    init() { wantsAll = true }

    /// - Parameter wanted: whose elements to keep.
    init(_ wanted: [SetID: NFTSuspects]) {
        self.wanted = Array(repeating: nil, count: (wanted.keys.map(\.index).max() ?? -1) + 1)
        for (set, suspects) in wanted { self.wanted[set.index] = suspects }
    }

    private func wants(_ key: NFTData, _ set: SetID) -> Bool {
        let index = set.index
        return wantsAll || index < wanted.count && wanted[index]?.contains(key) ?? false
    }

    package mutating func create(_ set: NFTSet, in table: NFTTable) { sets.append(set) }
    package mutating func create(_ chain: NFTChain, in table: NFTTable) { chains.append(chain) }
    package mutating func create(_ rule: NFTRule, in table: NFTTable) { rules[rule.chain, default: []].append(rule) }

    package mutating func add(_ key: NFTData, data: NFTData?, to set: SetID, family: IPFamily) {
        if wants(key, set) { elements[set, default: [:]][key] = data.map { .data($0) } ?? .member }
    }

    package mutating func add(_ key: NFTData, goto chain: String, to set: SetID, family: IPFamily) {
        if wants(key, set) { elements[set, default: [:]][key] = .chain(chain) }
    }

    package mutating func add(_ prefix: IPPrefix, to set: SetID) {
        if wants(NFTData(), set) { prefixes[set, default: []].append(prefix) }
    }

    package mutating func add(_ key: NFTData, _ prefix: IPPrefix, to set: SetID) {
        if wants(key, set) { ranges[set, default: []].append((key, prefix)) }
    }

    // What is written from nothing deletes nothing.
    package mutating func replace(_ table: NFTTable) {}
    package mutating func flushRules(of chain: String?, in table: NFTTable) {}
    package mutating func flushElements(of set: String, in table: NFTTable) {}
    package mutating func delete(chain: String, in table: NFTTable) {}
    package mutating func delete(set: String, in table: NFTTable) {}
    package mutating func delete(_ key: NFTData, from set: SetID, family: IPFamily) {}
    package mutating func delete(_ prefix: IPPrefix, from set: SetID) {}
    package mutating func delete(_ key: NFTData, _ prefix: IPPrefix, from set: SetID) {}
}

extension NFTExpected {
    /// The elements of one service port, with those that it may share with others.
    mutating func addElements(of port: ServicePort, _ name: ServicePortName, _ layout: NFTLayout) {
        var frontends = NFTFrontendPlan(name: name, old: nil, new: port, layout: layout)
        frontends.plan(into: &self)
        if let address = port.clusterIP {
            add(NFTData().appending(address), data: nil, to: .clusterIPs, family: layout.family)
        }
        for endpoint in port.endpoints + port.localEndpoints where endpoint.isLocal {
            let pair = NFTData().appending(endpoint.address).appending(endpoint.address)
            add(pair, data: nil, to: .hairpin, family: layout.family)
        }
    }

    /// An element of a set of networks, as the kernel lists it.
    struct Interval: Hashable {
        private let key: NFTData
        private let last: NFTData?
        private let isEnd: Bool

        init(_ element: NFTElement) { (key, last, isEnd) = (element.key, element.lastKey, element.isIntervalEnd) }

        init(_ key: NFTData, last: NFTData? = nil, isEnd: Bool = false) {
            (self.key, self.last, self.isEnd) = (key, last, isEnd)
        }
    }

    /// The elements of a set of networks.
    func intervals(of set: SetID) -> Set<Interval> {
        var intervals: Set<Interval> = []
        for (key, prefix) in ranges[set] ?? [] {
            intervals.insert(Interval(key.appending(prefix.address), last: key.appending(prefix.lastAddress)))
        }
        for prefix in prefixes[set] ?? [] {
            intervals.insert(Interval(NFTData().appending(prefix.address)))
            let (afterLast, isOverflow) = prefix.lastAddress.number.addingReportingOverflow(1)
            // A network up to the last address of all has no end.
            guard !isOverflow, prefix.family == .ipv6 || afterLast <= UInt128(UInt32.max) else { continue }
            let end = IPAddress(number: afterLast, family: prefix.family)
            intervals.insert(Interval(NFTData().appending(end), isEnd: true))
        }
        return intervals
    }
}

extension NFTExpected.Value {
    /// Whether an element of the kernel's gives this.
    func matches(_ element: NFTElement) -> Bool {
        switch self {
        case .member: true
        case .data(let data): element.data == data
        case .chain(let chain): element.verdict == .goto(chain)
        }
    }
}

extension NFTCommitted {
    /// Writes into `sink` what a table needs for this state, as far as `ports` say so: with all of them, it is all.
    func write(
        _ layout: NFTLayout, _ ports: some Sequence<(key: ServicePortName, value: ServicePort)>,
        into sink: inout some NFTPlanSink & ~Copyable
    ) {
        var planner = NFTPlanner(layout: layout, committed: nil)
        planner.keep(classes)
        planner.planTable(for: [:], into: &sink)
        planner.plan(node, into: &sink)
        for (name, port) in ports { planner.plan(name, port, into: &sink) }
        planner.finish(into: &sink)
    }

    /// The service ports that `elements` may be of.
    func owners(
        of elements: [SetID: NFTSuspects], family: IPFamily
    ) -> [(key: ServicePortName, value: ServicePort)] {
        var frontends: Set<NFTData> = []
        var (addresses, pairs): (Set<NFTData>, Set<NFTData>) = ([], [])
        var anyWithSources = false
        for (set, suspects) in elements {
            switch (set, suspects) {
            case (.podCIDRs, _), (.serviceCIDRs, _), (.nodeIPs, _), (.healthCheckPorts, _): continue
            case (.allowedSources, _): anyWithSources = true
            case (_, .all): return Array(servicePorts)
            case (.clusterIPs, .some(let keys)): addresses = keys
            case (.hairpin, .some(let keys)): pairs = keys
            case (_, .some(let keys)):
                // What follows the frontend in a key is a slot.
                let byteCount = (set.isOfNodePorts ? 0 : family.byteCount) + 8
                for key in keys { frontends.insert(key.prefix(byteCount)) }
            }
        }
        return servicePorts.filter { name, port in
            name.family == family
                && (port.frontendKeys(name.protocol).contains(where: frontends.contains)
                    || port.clusterIP.map { addresses.contains(NFTData().appending($0)) } ?? false
                    || !pairs.isEmpty && port.hasEndpoint(pairs)
                    || anyWithSources && port.externalAddresses.contains { $0.allowedSources != nil })
        }
    }
}

extension SetID {
    fileprivate var isOfNodePorts: Bool {
        switch self {
        case .affinity(let pick), .endpoints(let pick), .frontends(let pick, _): pick.kind == .nodePort
        case .nodePorts, .localNodePorts, .nodePortDrops: true
        default: false
        }
    }
}

extension ServicePort {
    fileprivate func frontendKeys(_ proto: L4Protocol) -> [NFTData] {
        [NFTFrontend.clusterIP(of: self, proto), NFTFrontend(nodePortOf: self, proto)].compactMap { $0?.key }
            + externalAddresses.map { NFTFrontend.external($0, of: self, proto).key }
    }

    fileprivate func hasEndpoint(_ pairs: Set<NFTData>) -> Bool {
        (endpoints + localEndpoints).contains {
            $0.isLocal && pairs.contains(NFTData().appending($0.address).appending($0.address))
        }
    }
}

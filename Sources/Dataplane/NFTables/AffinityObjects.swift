import Net
import Netlink

/// The chains and sets of one service port with session affinity (`ClientIP`).
///
/// Each endpoint has a set of the clients that it was chosen for, with a time for each, and a chain that enters the client
/// there and sends the connection on. The service port's own chains ask the sets of all endpoints first, and then draw.
/// The sets are named after the endpoints, not after slots: what a client has stays when other endpoints come and go, and
/// over a restart; and an endpoint's clients go with it.
struct AffinityObjects {
    let layout: NFTLayout
    private let name: ServicePortName
    private let id: String

    init(_ name: ServicePortName, _ layout: NFTLayout) {
        self.name = name
        self.layout = layout
        id = Self.identifier(name)
    }

    /// The kernel takes 255 bytes for a name; longest are those of endpoints with an IPv6 address.
    private static func identifier(_ name: ServicePortName) -> String {
        let proto = name.protocol.description.lowercased()
        let full = "\(name.namespace)/\(name.service)/\(proto)\(name.port.isEmpty ? "" : "/\(name.port)")"
        guard full.utf8.count > 190 else { return full }
        // FNV-1a, so that it is the same in the next process.
        let hash = full.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\(full.prefix(150))/\(String(hash, radix: 16))"
    }

    /// The chain that a frontend with affinity leads to.
    func chain(isLocal: Bool) -> String { "affinity-\(isLocal ? "local-" : "")\(id)" }

    private func suffix(_ endpoint: Endpoint) -> String {
        // A colon cannot be in a name that nft is to read.
        let address = String(endpoint.address.description.map { $0 == ":" ? "." : $0 })
        return "\(id)/\(address)/\(endpoint.port)"
    }

    func chain(of endpoint: Endpoint) -> String { "endpoint-\(suffix(endpoint))" }
    func set(of endpoint: Endpoint) -> String { "clients-\(suffix(endpoint))" }

    /// What `port` needs.
    func used(by port: ServicePort?) -> NFTGarbage {
        var objects = NFTGarbage()
        guard let port, port.affinitySeconds > 0 else { return objects }
        for isLocal in [false, true] where !Self.list(port, isLocal: isLocal).isEmpty {
            objects.chains.insert(chain(isLocal: isLocal))
            for endpoint in Self.list(port, isLocal: isLocal) {
                objects.chains.insert(chain(of: endpoint))
                objects.sets.insert(set(of: endpoint))
            }
        }
        return objects
    }

    /// The endpoints behind the service port's two chains.
    private static func list(_ port: ServicePort, isLocal: Bool) -> [Endpoint] {
        isLocal ? port.localEndpoints : port.endpoints
    }

    /// Makes all that `port` needs, over what `old` had.
    func plan(_ port: ServicePort, replacing old: ServicePort?, into sink: inout some NFTPlanSink & ~Copyable) {
        let before = used(by: old)
        let isOtherTime = old?.affinitySeconds != port.affinitySeconds
        var known: Set<Endpoint> = []
        for endpoint in port.endpoints + port.localEndpoints where known.insert(endpoint).inserted {
            guard isOtherTime || !before.chains.contains(chain(of: endpoint)) else { continue }
            // A set that is there keeps its clients.
            sink.create(
                NFTSet(
                    name: set(of: endpoint), key: [.sourceAddress], isDynamic: true, size: Self.clientsPerEndpoint),
                in: layout.table)
            write(chain(of: endpoint), rules(of: endpoint, timeoutSeconds: port.affinitySeconds), &sink)
        }
        for isLocal in [false, true] {
            let endpoints = Self.list(port, isLocal: isLocal)
            let isSame = old.map { $0.affinitySeconds > 0 && Self.list($0, isLocal: isLocal) == endpoints } ?? false
            guard !endpoints.isEmpty, !isSame else { continue }
            let chain = chain(isLocal: isLocal)
            write(chain, rules(of: chain, endpoints), &sink)
        }
    }

    private func write(_ chain: String, _ rules: [NFTRule], _ sink: inout some NFTPlanSink & ~Copyable) {
        sink.create(NFTChain(name: chain), in: layout.table)
        sink.flushRules(of: chain, in: layout.table)
        for rule in rules { sink.create(rule, in: layout.table) }
    }

    /// What the kernel keeps room for; a client more than that is not remembered, but served. As kube-proxy has it.
    private static let clientsPerEndpoint: UInt32 = 65_535

    private func rules(of endpoint: Endpoint, timeoutSeconds: UInt32) -> [NFTRule] {
        let chain = chain(of: endpoint)
        let words = layout.family.byteCount / 4
        let port = [UInt8(endpoint.port >> 8), UInt8(endpoint.port & 255)]
        return [
            layout.rule(
                chain, layout.load(.sourceAddress),
                [.update(set: set(of: endpoint), key: .word(0), timeoutSeconds: timeoutSeconds)]),
            // A rule of its own: a full set ends the one before.
            layout.rule(
                chain,
                [
                    .meta(.l4Protocol, into: .word(0)),
                    .compare(.word(0), isEqual: true, [name.protocol.rawValue]),
                    .immediate(.word(0), endpoint.address.bytes), .immediate(.word(words), port),
                    .destinationNAT(address: .word(0), port: .word(words)),
                ]),
        ]
    }

    /// First the endpoint that the client has; else each with the same chance.
    private func rules(of chain: String, _ endpoints: [Endpoint]) -> [NFTRule] {
        let known = endpoints.map { endpoint in
            layout.rule(
                chain, layout.load(.sourceAddress),
                [.lookup(set: set(of: endpoint), key: .word(0), into: nil, isInverted: false)],
                [.verdict(.goto(self.chain(of: endpoint)))], comment: "the client has this endpoint")
        }
        let drawn = endpoints.enumerated().map { index, endpoint in
            let left = endpoints.count - index
            let isDrawn: [NFTExpression] = [
                .numgenRandom(modulus: UInt32(left), offset: 0, into: .word(0)),
                .compare(.word(0), isEqual: true, NFTExpression.hostOrder(0)),
            ]
            return layout.rule(
                chain, left > 1 ? isDrawn : [], [.verdict(.goto(self.chain(of: endpoint)))],
                comment: left > 1 ? "a new client: 1 in \(left)" : "a new client")
        }
        return known + drawn
    }
}

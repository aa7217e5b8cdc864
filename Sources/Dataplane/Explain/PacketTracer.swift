import Net
import Netlink

/// Interprets a table's rules for one packet, as the kernel would.
package struct PacketTracer {
    /// Where the packet comes from.
    package enum Origin: Hashable, Sendable { case outside, localProcess }

    private var table: RecordedTable
    private let family: IPFamily
    private let localAddresses: Set<IPAddress>
    private var packet: TracedPacket
    private var isDestinationNATed = false
    private var isMasqueraded = false
    private var registers = [UInt8](repeating: 0, count: 64)
    private var random: (UInt32) -> UInt32

    private enum Outcome { case goOn, accept, drop, reject, `return` }

    /// - Parameter random: the number that `numgen random mod N` gives for N.
    package static func trace(
        _ packet: TracedPacket, _ origin: Origin, in table: RecordedTable, localAddresses: Set<IPAddress> = [],
        random: @escaping (UInt32) -> UInt32 = { UInt32.random(in: 0..<$0) }
    ) -> TracedVerdict {
        var tracer = PacketTracer(
            table: table, family: packet.destination.family, localAddresses: localAddresses, packet: packet,
            random: random)
        return tracer.run(origin)
    }

    private mutating func run(_ origin: Origin) -> TracedVerdict {
        var hooks: [NFTBaseChain.Hook] = [origin == .outside ? .prerouting : .output]
        while let hook = hooks.popLast() {
            let chains = table.chains.values.filter { $0.base?.hook == hook }
                .sorted { ($0.base?.priority ?? 0) < ($1.base?.priority ?? 0) }
            for chain in chains {
                switch evaluate(chain.name) {
                case .drop: return .dropped
                case .reject: return .rejected
                case .goOn, .accept, .return: break
                }
            }
            switch hook {
            case .prerouting: hooks = [localAddresses.contains(packet.destination) ? .input : .forward]
            case .output, .forward: hooks = [.postrouting]
            case .input, .postrouting: break
            }
        }
        let endpoint = Endpoint(address: packet.destination, port: packet.destinationPort)
        return .sent(to: "\(endpoint)", masqueraded: isMasqueraded, mark: packet.mark)
    }

    private mutating func evaluate(_ chain: String) -> Outcome {
        for rule in table.rules[chain] ?? [] {
            let outcome = evaluate(rule)
            if outcome != .goOn { return outcome }
        }
        return .goOn
    }

    private mutating func evaluate(_ rule: NFTRule) -> Outcome {
        for expression in rule.expressions {
            switch expression {
            case .payload(let base, let offset, _, let register): store(load(base, offset), register)
            case .meta(let key, let register): store(meta(key), register)
            case .setMeta(_, let register): packet.mark = number(register)
            case .conntrack(let key, let register):
                let status = isDestinationNATed ? NFTExpression.statusDestinationNAT : 0
                store(NFTExpression.hostOrder(key == .state ? NFTExpression.stateNew : status), register)
            case .bitwise(let from, let into, let mask, let xor):
                let bytes = read(from, mask.count)
                store(zip(bytes, zip(mask, xor)).map { $0 & $1.0 ^ $1.1 }, into)
            case .compare(let register, let isEqual, let bytes):
                if (read(register, bytes.count) == bytes) != isEqual { return .goOn }
            case .lookup(let set, let key, let into, let isInverted):
                let found = lookup(set, key)
                if (found != nil) == isInverted { return .goOn }
                if let found, let into { store(found, into) }
            case .numgenRandom(let modulus, let offset, let register):
                store(NFTExpression.hostOrder(random(modulus) + offset), register)
            case .destinationNAT(let address, let port):
                packet.destination = IPAddress(bytes: read(address, family.byteCount)) ?? packet.destination
                let bytes = read(port, 2)
                packet.destinationPort = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
                isDestinationNATed = true
                return .accept
            case .masquerade:
                isMasqueraded = true
                return .accept
            case .reject: return .reject
            case .rejectWithReset: return .reject
            case .lookupVerdict(let map, let key):
                guard let chain = lookup(map, key) else { return .goOn }
                let outcome = evaluate(String(decoding: chain, as: UTF8.self))
                return outcome == .goOn ? .return : outcome
            case .immediate(let register, let bytes): store(bytes, register)
            case .sourceAddressType(let register):
                let isLocal = localAddresses.contains(packet.source) || packet.source.isLoopback
                store(NFTExpression.hostOrder(isLocal ? NFTExpression.typeLocal : 0), register)
            case .update(let set, let key, _):
                let bytes = read(key, family.byteCount)
                table.sets[set]?.exact[bytes] = []
            case .counter: break
            case .verdict(let verdict):
                switch verdict {
                case .accept: return .accept
                case .drop: return .drop
                case .continue: break
                case .return: return .return
                case .jump(let chain):
                    let outcome = evaluate(chain)
                    if outcome != .goOn && outcome != .return { return outcome }
                case .goto(let chain):
                    let outcome = evaluate(chain)
                    return outcome == .goOn ? .return : outcome
                }
            }
        }
        return .goOn
    }

    private func meta(_ key: NFTMetaKey) -> [UInt8] {
        switch key {
        case .mark: NFTExpression.hostOrder(packet.mark)
        case .inputInterfaceName:
            Array(packet.inputInterface.utf8)
                + Array(repeating: 0, count: NFTExpression.interfaceNameByteCount - packet.inputInterface.utf8.count)
        default: [packet.protocol.rawValue, 0, 0, 0]
        }
    }

    private func load(_ base: NFTPayloadBase, _ offset: Int) -> [UInt8] {
        switch (base, offset) {
        case (.transport, 2): [UInt8(packet.destinationPort >> 8), UInt8(packet.destinationPort & 255), 0, 0]
        // A packet that opens a connection: SYN.
        case (.transport, 13): [2, 0, 0, 0]
        case (.network, family == .ipv4 ? 12 : 8): packet.source.bytes
        case (.network, family == .ipv4 ? 16 : 24): packet.destination.bytes
        default: preconditionFailure("the tracer does not know this field: \(base) + \(offset)")
        }
    }

    private func lookup(_ name: String, _ register: NFTRegister) -> [UInt8]? {
        guard let set = table.sets[name] else { preconditionFailure("no set \(name)") }
        let key = read(register, set.keyByteCount)
        if let address = IPAddress(bytes: key), set.intervals.contains(where: { $0.contains(address) }) { return [] }
        let isInRange = set.ranges.contains { range in
            key.starts(with: range.key)
                && IPAddress(bytes: Array(key.dropFirst(range.key.count))).map(range.prefix.contains) ?? false
        }
        return isInRange ? [] : set.exact[key]
    }

    private mutating func store(_ bytes: [UInt8], _ register: NFTRegister) {
        registers.replaceSubrange(register.byteOffset..<register.byteOffset + bytes.count, with: bytes)
    }

    private func read(_ register: NFTRegister, _ count: Int) -> [UInt8] {
        Array(registers[register.byteOffset..<register.byteOffset + count])
    }

    private func number(_ register: NFTRegister) -> UInt32 {
        read(register, 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

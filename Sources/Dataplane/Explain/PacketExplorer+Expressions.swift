import Net
import Netlink

extension PacketExplorer {
    /// What follows after an expression.
    enum Continuation: Hashable {
        /// The rule's next expression.
        case next
        /// The next rule: this one does not apply.
        case miss
        case ends(Outcome)
    }

    typealias Result = (outcome: Continuation, way: Way, share: Double)

    mutating func apply(_ expression: NFTExpression, _ way: Way, _ share: Double) -> [Result] {
        var way = way
        switch expression {
        case .payload(let base, let offset, let length, let register):
            guard let (label, bytes) = load(base, offset, length, way.packet) else {
                return [(.ends(.unknown("a rule of chain \(way.chain) reads a field that is not known")), way, share)]
            }
            way.store(bytes, register, label)
        case .meta(let key, let register):
            guard let (label, bytes) = load(key, way.packet) else {
                return [(.ends(.unknown("a rule of chain \(way.chain) reads 'meta \(key)'")), way, share)]
            }
            way.store(bytes, register, label)
        case .setMeta(_, let register):
            way.packet.mark = way.number(register)
            way.act("mark 0x\(String(way.packet.mark, radix: 16))")
        case .conntrack(let key, let register):
            let status = way.isTranslated ? NFTExpression.statusDestinationNAT : 0
            // The packet that opens a connection.
            let number = key == .state ? NFTExpression.stateNew : key == .status ? status : 0
            way.store(NFTExpression.hostOrder(number), register, "ct \(key)")
        case .sourceAddressType(let register):
            way.store(addressType(of: way.packet.source), register, "fib saddr type")
        case .destinationAddressType(let register):
            way.store(addressType(of: way.packet.destination), register, "fib daddr type")
        case .immediate(let register, let bytes): way.store(bytes, register, nil)
        case .bitwise(let from, let into, let mask, let xor):
            let bytes = zip(way.read(from, mask.count), zip(mask, xor)).map { $0 & $1.0 ^ $1.1 }
            way.store(bytes, into, way.label(from).map { "\($0) & \(Self.number(mask))" })
        case .compare(let register, let isEqual, let bytes):
            if (way.read(register, bytes.count) == bytes) != isEqual { return [(.miss, way, share)] }
            way.meet(Self.text(way.label(register) ?? "register", isEqual, bytes))
        case .lookup(let set, let key, let target, let isInverted):
            return [lookup(set, key, target, isInverted, way, share)]
        case .lookupVerdict(let map, let key): return lookupVerdict(map, key, way, share)
        case .numgenRandom(let modulus, let offset, let register):
            return draw(modulus, offset, register, way, share)
        case .update(let set, _, let seconds): way.act("update @\(set) timeout \(seconds)s")
        case .destinationNAT(let address, let port):
            guard let target = IPAddress(bytes: way.read(address, family.byteCount)) else {
                return [(.ends(.unknown("a rule of chain \(way.chain) has no address to send to")), way, share)]
            }
            let number = way.read(port, 2)
            way.packet.destination = target
            way.packet.destinationPort = UInt16(number[0]) << 8 | UInt16(number[1])
            way.isTranslated = true
            way.decide("dnat to \(Endpoint(address: target, port: way.packet.destinationPort))")
            return [(.ends(.accept), way, share)]
        case .masquerade:
            way.isMasqueraded = true
            way.act("masquerade")
            return [(.ends(.accept), way, share)]
        case .reject:
            way.decide("reject")
            return [(.ends(.reject), way, share)]
        case .rejectWithReset:
            way.decide("reject with tcp reset")
            return [(.ends(.reject), way, share)]
        case .counter: break
        case .verdict(let verdict): return follow(verdict, way, share)
        }
        return [(.next, way, share)]
    }

    private func addressType(of address: IPAddress) -> [UInt8] {
        let isLocal = localAddresses.contains(address) || address.isLoopback
        return NFTExpression.hostOrder(isLocal ? NFTExpression.typeLocal : 0)
    }

    /// All numbers, or the one that is drawn.
    private func draw(
        _ modulus: UInt32, _ offset: UInt32, _ register: NFTRegister, _ way: Way, _ share: Double
    ) -> [Result] {
        let numbers = random.map { [$0(modulus)] } ?? Array(0..<modulus)
        return numbers.map { number in
            var drawn = way
            drawn.store(
                NFTExpression.hostOrder(number + offset), register,
                modulus > 1 ? "numgen random mod \(modulus)" : nil)
            return (.next, drawn, share / Double(numbers.count))
        }
    }

    private mutating func follow(_ verdict: NFTVerdict, _ way: Way, _ share: Double) -> [Result] {
        var way = way
        switch verdict {
        case .continue: return [(.next, way, share)]
        case .accept: way.act("accept")
        case .drop: way.decide("drop")
        case .return: way.act("return")
        case .jump(let chain), .goto(let chain):
            var isJump = false
            if case .jump = verdict { isJump = true }
            way.act("\(isJump ? "jump" : "goto") \(chain)")
            return evaluate(chain: chain, [(way, share)]).map { outcome, way, share in
                switch outcome {
                case .goOn, .return: (isJump ? .next : .ends(.return), way, share)
                case .accept, .drop, .reject, .unknown: (.ends(outcome), way, share)
                }
            }
        }
        return [(.ends(verdict == .accept ? .accept : verdict == .drop ? .drop : .return), way, share)]
    }

    private mutating func lookup(
        _ name: String, _ register: NFTRegister, _ target: NFTRegister?, _ isInverted: Bool, _ way: Way, _ share: Double
    ) -> Result {
        guard let set = table.sets[name] else { return (.ends(.unknown("there is no set \(name)")), way, share) }
        var way = way
        let key = way.read(register, set.keyByteCount)
        let data = set[key]
        record(TracedLookup(set: name, key: key, answer: data.map { .present(data: $0) } ?? .absent))
        guard (data == nil) == isInverted else { return (.miss, way, share) }
        var text = set.keyText(key, family)
        if let data, let target {
            text += " : \(set.dataText(data, family))"
            way.store(data, target, nil)
        }
        way.meet("\(isInverted ? "!= " : "")@\(name) { \(text) }")
        return (.next, way, share)
    }

    private mutating func lookupVerdict(
        _ name: String, _ register: NFTRegister, _ way: Way, _ share: Double
    ) -> [Result] {
        guard let set = table.sets[name] else { return [(.ends(.unknown("there is no map \(name)")), way, share)] }
        var way = way
        let key = way.read(register, set.keyByteCount)
        guard let data = set[key] else {
            record(TracedLookup(set: name, key: key, answer: .absent))
            return [(.miss, way, share)]
        }
        let chain = String(decoding: data, as: UTF8.self)
        record(TracedLookup(set: name, key: key, answer: .goto(chain: chain)))
        way.meet("@\(name) { \(set.keyText(key, family)) : goto \(chain) }")
        return follow(.goto(chain), way, share)
    }
}

extension PacketExplorer {
    private func load(
        _ base: NFTPayloadBase, _ offset: Int, _ length: Int, _ packet: TracedPacket
    ) -> (String, [UInt8])? {
        let name = family == .ipv4 ? "ip" : "ip6"
        // Offsets in struct iphdr and ipv6hdr, and in the transport headers.
        switch (base, offset) {
        case (.network, family == .ipv4 ? 12 : 8): return ("\(name) saddr", packet.source.bytes)
        case (.network, family == .ipv4 ? 16 : 24): return ("\(name) daddr", packet.destination.bytes)
        case (.transport, 2):
            return ("th dport", [UInt8(packet.destinationPort >> 8), UInt8(packet.destinationPort & 255), 0, 0])
        case (.transport, 13) where packet.protocol == .tcp:
            // Of a packet that opens a connection: SYN.
            return ("tcp flags", [2, 0, 0, 0])
        default: return nil
        }
    }

    private func load(_ key: NFTMetaKey, _ packet: TracedPacket) -> (String, [UInt8])? {
        switch key {
        case .mark: return ("meta mark", NFTExpression.hostOrder(packet.mark))
        case .l4Protocol: return ("meta l4proto", [packet.protocol.rawValue, 0, 0, 0])
        case .inputInterfaceName:
            let name = packet.inputInterface.utf8.prefix(NFTExpression.interfaceNameByteCount)
            return ("iifname", name + Array(repeating: 0, count: NFTExpression.interfaceNameByteCount - name.count))
        default: return nil
        }
    }

    /// A constant as nft prints it: a name, or a number.
    private static func text(_ label: String, _ isEqual: Bool, _ bytes: [UInt8]) -> String {
        let sign = isEqual ? "==" : "!="
        switch label {
        case "iifname":
            let isPrefix = bytes.count < NFTExpression.interfaceNameByteCount
            return
                "\(label) \(sign) \"\(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))\(isPrefix ? "*" : "")\""
        case "ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr":
            return "\(label) \(sign) \(IPAddress(bytes: bytes)?.description ?? number(bytes))"
        case "meta l4proto":
            let name = bytes.first.flatMap(L4Protocol.init(rawValue:))?.description.lowercased()
            return "\(label) \(sign) \(name ?? number(bytes))"
        case "fib saddr type":
            let isLocal = bytes == NFTExpression.hostOrder(NFTExpression.typeLocal)
            return "\(label) \(sign) \(isLocal ? "local" : number(bytes))"
        default: return "\(label) \(sign) \(number(bytes))"
        }
    }

    /// In hexadecimal; numbers of 4 bytes are in host order.
    private static func number(_ bytes: [UInt8]) -> String {
        let ordered = bytes.count == 4 && NFTExpression.hostOrder(1) == [1, 0, 0, 0] ? bytes.reversed() : bytes
        return "0x" + String(ordered.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }, radix: 16)
    }
}

extension PacketExplorer.Way {
    /// The chain of the rule under way.
    fileprivate var chain: String { steps.last?.chain ?? "" }

    fileprivate mutating func meet(_ condition: String) { steps[steps.count - 1].add(condition: condition) }
    fileprivate mutating func act(_ action: String) { steps[steps.count - 1].add(action: action) }

    fileprivate mutating func decide(_ action: String) {
        act(action)
        steps[steps.count - 1].decide()
    }

    fileprivate mutating func store(_ bytes: [UInt8], _ register: NFTRegister, _ label: String?) {
        labels[register.byteOffset] = label
        let end = min(register.byteOffset + bytes.count, registers.count)
        registers.replaceSubrange(register.byteOffset..<end, with: bytes.prefix(end - register.byteOffset))
    }

    fileprivate func read(_ register: NFTRegister, _ count: Int) -> [UInt8] {
        Array(registers.dropFirst(register.byteOffset).prefix(count))
    }

    fileprivate func label(_ register: NFTRegister) -> String? { labels[register.byteOffset] }

    fileprivate func number(_ register: NFTRegister) -> UInt32 {
        // As the machine holds it.
        let bytes = read(register, 4)
        return (NFTExpression.hostOrder(1) == [1, 0, 0, 0] ? bytes.reversed() : bytes).reduce(0) {
            $0 << 8 | UInt32($1)
        }
    }
}

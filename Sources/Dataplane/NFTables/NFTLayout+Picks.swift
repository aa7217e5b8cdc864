import Net
import Netlink

extension NFTLayout {
    /// How often a pick draws before it settles for a slot that is always full. With more than half of the slots
    /// full, fewer than 1 in 2^8 connections come to that, and are then spread over the first half of the slots.
    package static let draws = 8

    /// What a size class consists of.
    package struct ClassObjects: Sendable {
        package var chains: [NFTChain] = []
        package var rules: [NFTRule] = []
        /// What leads to it from the pick's chain.
        package var entry: NFTRule?
    }

    /// The chains and rules of one size class of a pick, beside its set. Made when the first service needs the class;
    /// rules of classes may stand in any order.
    package func objects(of sizeClass: SizeClass, _ pick: Pick) -> ClassObjects {
        var objects = ClassObjects()
        let chain = "\(pick.chain)-\(sizeClass.slots)"
        objects.chains.append(NFTChain(name: chain))
        var moduli = [sizeClass.slots]
        if sizeClass.exponent > 1 {
            moduli = Array(repeating: sizeClass.slots, count: Self.draws) + [sizeClass.slots / 2]
        }
        objects.rules += moduli.map { rule(chain, draw(pick, of: $0)) }
        objects.entry = rule(
            pick.chain, key(pick.kind.fields), lookup(.frontends(pick, sizeClass)), [.verdict(.jump(chain))],
            comment: sizeClass.slots == 1
                ? "one endpoint" : "\(sizeClass.slots / 2 + 1) to \(sizeClass.slots) endpoints")
        return objects
    }

    /// Leads to the chains of service ports with session affinity; made when there is the first.
    func affinityEntry(_ pick: Pick) -> NFTRule {
        rule(
            pick.chain, key(pick.kind.fields), [.lookupVerdict(map: SetID.affinity(pick).name, key: .word(0))],
            comment: "session affinity")
    }

    /// First the pick; then slot 0, which every frontend that has endpoints fills: a packet that a commit overtakes (the
    /// class set of before it, the endpoints of after it) finds an endpoint there all the same.
    func dispatch(_ pick: Pick, from chain: String) -> [NFTRule] {
        [
            rule(chain, [.verdict(.jump(pick.chain))], comment: "an endpoint, by how many there are"),
            rule(chain, draw(pick, of: 1), comment: "the first endpoint, for a packet that a change overtook"),
        ]
    }

    /// Draws one of `slots` and sends the connection there; goes on with the next rule when the slot is empty.
    private func draw(_ pick: Pick, of slots: Int) -> [NFTExpression] {
        key(pick.kind.fields) + [
            .numgenRandom(modulus: UInt32(slots), offset: 0, into: .word(width(pick.kind.fields))),
            .lookup(set: SetID.endpoints(pick).name, key: .word(0), into: .word(0), isInverted: false),
            .destinationNAT(address: .word(0), port: .word(family.byteCount / 4)),
        ]
    }

    /// How many size classes of each pick, counted from the smallest, a table has the set of.
    func classCounts(in inventory: NFTInventory) -> ClassCounts {
        var counts = ClassCounts()
        for pick in Pick.allCases {
            let last = (0..<UInt32.bitWidth).last {
                inventory.sets.contains(SetID.frontends(pick, SizeClass(exponent: $0)).name)
            }
            counts[pick] = (last ?? -1) + 1
        }
        return counts
    }

    /// Our sets that a table has, but for those of session affinity.
    func sets(in inventory: NFTInventory) -> [SetID] {
        let counts = classCounts(in: inventory)
        let classes = Pick.allCases.flatMap { pick in
            (0..<counts[pick]).map { SetID.frontends(pick, SizeClass(exponent: $0)) }
        }
        return (SetID.constant + classes).filter { inventory.sets.contains($0.name) }
    }
}

/// How many size classes each pick has: those below the number exist; and which have a rule for session affinity.
package struct ClassCounts: Hashable, Sendable {
    private var counts: SIMD4<Int> = .zero
    private var affinity: SIMD4<UInt8> = .zero

    package init() {}

    package subscript(pick: Pick) -> Int {
        get { counts[pick.rawValue] }
        set { counts[pick.rawValue] = newValue }
    }

    func hasAffinity(_ pick: Pick) -> Bool { affinity[pick.rawValue] != 0 }
    mutating func setAffinity(_ pick: Pick) { affinity[pick.rawValue] = 1 }

    mutating func raise(to other: ClassCounts) {
        counts.replace(with: other.counts, where: counts .< other.counts)
        affinity |= other.affinity
    }
}

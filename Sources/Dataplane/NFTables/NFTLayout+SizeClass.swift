import Net
import Netlink

/// A frontend by where it is reached: the two kinds have sets and chains of their own, made alike.
package enum FrontendKind: CaseIterable, Sendable {
    case clusterIP
    case nodePort

    /// What a frontend of this kind is looked up by.
    var fields: [NFTField] {
        self == .clusterIP ? [.destinationAddress, .l4Protocol, .destinationPort] : [.l4Protocol, .destinationPort]
    }

    /// The map of endpoints.
    var endpoints: SetID { self == .clusterIP ? .endpoints : .nodePortEndpoints }

    /// The set of the frontends of one size class.
    func frontends(_ sizeClass: SizeClass) -> SetID {
        self == .clusterIP ? .frontends(sizeClass) : .nodePortFrontends(sizeClass)
    }

    /// The chain that leads to the pick chain of each size class.
    var pickChain: String { self == .clusterIP ? NFTLayout.Chain.pickClusterIP : NFTLayout.Chain.pickNodePort }

    var servicesChain: String {
        self == .clusterIP ? NFTLayout.Chain.clusterIPServices : NFTLayout.Chain.nodePortServices
    }
}

extension NFTLayout {
    /// How often a pick draws before it settles for a slot that is always full. With more than half of the slots
    /// full, fewer than 1 in 2^8 connections come to that, and are then spread over the first half of the slots.
    package static let draws = 8

    /// What a size class consists of.
    package struct ClassObjects: Sendable {
        package var chains: [NFTChain] = []
        package var rules: [NFTRule] = []
    }

    /// The chains and rules of one size class, beside its sets. Made when the first service needs the class; rules of classes
    /// may stand in any order.
    package func objects(of sizeClass: SizeClass) -> ClassObjects {
        var objects = ClassObjects()
        for kind in FrontendKind.allCases {
            let pick = "\(kind.pickChain)-\(sizeClass.slots)"
            objects.chains.append(NFTChain(name: pick))
            var moduli = [sizeClass.slots]
            if sizeClass.exponent > 1 {
                moduli = Array(repeating: sizeClass.slots, count: Self.draws) + [sizeClass.slots / 2]
            }
            objects.rules += moduli.map { rule(pick, draw(kind, of: $0)) }
            objects.rules.append(
                rule(kind.pickChain, key(kind.fields), lookup(kind.frontends(sizeClass)), [.verdict(.jump(pick))]))
        }
        return objects
    }

    /// How many size classes, counted from the smallest, a table has at least one set of.
    func classCount(in inventory: NFTInventory) -> Int {
        let isThere = { (exponent: Int) in
            FrontendKind.allCases.contains { inventory.sets.contains($0.frontends(SizeClass(exponent: exponent)).name) }
        }
        return ((0..<UInt32.bitWidth).last(where: isThere) ?? -1) + 1
    }

    /// Our sets that a table has.
    func sets(in inventory: NFTInventory) -> [SetID] {
        let classes = (0..<classCount(in: inventory)).map(SizeClass.init(exponent:))
        let all =
            SetID.constant + classes.flatMap { sizeClass in FrontendKind.allCases.map { $0.frontends(sizeClass) } }
        return all.filter { inventory.sets.contains($0.name) }
    }

    /// First the size classes; then slot 0, which every frontend that has endpoints fills: a packet that a commit
    /// overtakes (the class set of before it, the endpoints of after it) finds an endpoint there all the same.
    func dispatchRules(_ kind: FrontendKind) -> [NFTRule] {
        [
            rule(kind.servicesChain, [.verdict(.jump(kind.pickChain))]),
            rule(kind.servicesChain, draw(kind, of: 1)),
        ]
    }

    /// Draws one of `slots` and sends the connection there; goes on with the next rule when the slot is empty.
    private func draw(_ kind: FrontendKind, of slots: Int) -> [NFTExpression] {
        key(kind.fields) + [
            .numgenRandom(modulus: UInt32(slots), offset: 0, into: .word(width(kind.fields))),
            .lookup(set: kind.endpoints.name, key: .word(0), into: .word(0), isInverted: false),
            .destinationNAT(address: .word(0), port: .word(family.byteCount / 4)),
        ]
    }
}

import Netlink

/// Elements of one set that may not be as they were written.
package enum NFTSuspects: Hashable, Sendable {
    case some(Set<NFTData>)
    case all

    /// More are looked at all together: then a set is emptied and filled anew.
    static let maximumCount = 2_000

    func contains(_ key: NFTData) -> Bool {
        switch self {
        case .all: true
        case .some(let keys): keys.contains(key)
        }
    }

    mutating func insert(_ key: NFTData) {
        guard case .some(var keys) = self else { return }
        // Lets go of the set, so that it is not copied.
        self = .all
        keys.insert(key)
        if keys.count <= Self.maximumCount { self = .some(keys) }
    }
}

extension SetID {
    /// Elements are networks, which the kernel keeps as it likes: such a set is compared and written as a whole.
    var isInterval: Bool { self == .podCIDRs || self == .serviceCIDRs || self == .allowedSources }

    /// What a set of ours is called; not those of session affinity, whose elements packets make.
    static let byName: [String: SetID] = {
        let classes = Pick.allCases.flatMap { pick in
            (0..<UInt32.bitWidth).map { SetID.frontends(pick, SizeClass(exponent: $0)) }
        }
        return Dictionary(uniqueKeysWithValues: (constant + classes).map { ($0.name, $0) })
    }()
}

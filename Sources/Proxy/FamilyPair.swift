import Net

/// A value for each address family.
struct FamilyPair<Value> {
    var ipv4: Value
    var ipv6: Value

    init(_ make: (IPFamily) throws -> Value) rethrows {
        ipv4 = try make(.ipv4)
        ipv6 = try make(.ipv6)
    }

    subscript(family: IPFamily) -> Value {
        get {
            switch family {
            case .ipv4: ipv4
            case .ipv6: ipv6
            }
        }
        set {
            switch family {
            case .ipv4: ipv4 = newValue
            case .ipv6: ipv6 = newValue
            }
        }
    }
}

extension FamilyPair: Sendable where Value: Sendable {}
extension FamilyPair: Equatable where Value: Equatable {}

/// How much there is in a measured cluster.
package struct WorkloadSize: Codable, Hashable, Sendable, Comparable {
    package enum Families: String, Codable, Sendable, CaseIterable {
        case ipv4, ipv6, dual
    }

    package let services: Int
    /// Of each Service.
    package let endpoints: Int
    package let families: Families

    package init(services: Int, endpoints: Int, families: Families = .ipv4) {
        self.services = services
        self.endpoints = endpoints
        self.families = families
    }

    /// "1,000 × 10", and the family where it is not IPv4 alone.
    package var text: String {
        let counts = "\(Double(services).tableText) × \(endpoints)"
        return families == .ipv4 ? counts : "\(counts) \(families.rawValue)"
    }

    package static func < (one: WorkloadSize, other: WorkloadSize) -> Bool {
        (one.services, one.endpoints, one.families.rawValue)
            < (other.services, other.endpoints, other.families.rawValue)
    }
}

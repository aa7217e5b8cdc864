/// An entry of `endpoints`. A node holds a hundred thousand of them, so that one address is kept in line and what the
/// data path never reads is kept apart: 64 bytes in place of 168 and a heap array.
package struct EndpointSpec: Codable, Sendable, Equatable {
    private enum Addresses: Sendable, Equatable {
        case one(String)
        case list([String])
    }

    private struct Rare: Sendable, Equatable, EmptyInitializable {
        /// Controllers set it everywhere, and the others nowhere.
        var targetRef: ObjectReference?
        var details = Seldom<Details>()
    }

    private struct Details: Sendable, Equatable, EmptyInitializable {
        var hostname: String?
        var hints: EndpointHints?
    }

    // In this order the conditions fill what alignment leaves after the addresses.
    private var storedAddresses: Addresses
    package var conditions: EndpointConditions
    private var rare = Seldom<Rare>()
    package var nodeName: String?
    package var zone: String?

    package init(addresses: [String], conditions: EndpointConditions = EndpointConditions(), nodeName: String? = nil) {
        storedAddresses = addresses.count == 1 ? .one(addresses[0]) : .list(addresses)
        self.conditions = conditions
        self.nodeName = nodeName
    }

    /// Consumers use the first only: `firstAddress`, which makes no array.
    package var addresses: [String] {
        get {
            switch storedAddresses {
            case .one(let address): [address]
            case .list(let addresses): addresses
            }
        }
        set { storedAddresses = newValue.count == 1 ? .one(newValue[0]) : .list(newValue) }
    }

    package var firstAddress: String? {
        switch storedAddresses {
        case .one(let address): address
        case .list(let addresses): addresses.first
        }
    }

    package var hostname: String? {
        get { rare.value { $0.details.value { $0.hostname } } }
        set { rare.fields.details.fields.hostname = newValue }
    }

    package var hints: EndpointHints? {
        get { rare.value { $0.details.value { $0.hints } } }
        set { rare.fields.details.fields.hints = newValue }
    }

    package var targetRef: ObjectReference? {
        get { rare.value { $0.targetRef } }
        set { rare.fields.targetRef = newValue }
    }
}

extension EndpointSpec {
    private enum CodingKeys: CodingKey {
        case addresses, conditions, hostname, nodeName, zone, hints, targetRef
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            addresses: try fields.value(.addresses),
            conditions: try fields.value(.conditions, as: EndpointConditions?.self) ?? EndpointConditions(),
            nodeName: try fields.value(.nodeName))
        zone = try fields.value(.zone)
        var rare = Rare(targetRef: try fields.value(.targetRef))
        rare.details.fields = Details(hostname: try fields.value(.hostname), hints: try fields.value(.hints))
        self.rare.fields = rare
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        // Upstream has no `omitempty` on these two (discovery/v1 types.go).
        try fields.encode(addresses, forKey: .addresses)
        try fields.encode(conditions, forKey: .conditions)
        try fields.encodeUnlessZero(nodeName, forKey: .nodeName)
        try fields.encodeUnlessZero(zone, forKey: .zone)
        try fields.encodeUnlessZero(hostname, forKey: .hostname)
        try fields.encodeUnlessZero(hints, forKey: .hints)
        try fields.encodeUnlessZero(targetRef, forKey: .targetRef)
    }
}

import Net

extension WiringConfiguration {
    /// The members of the reference plugins `bridge` and `ptp`, and `mode`, which says which of the two it is.
    ///
    /// Without `mode` it is a bridge where there is `ipam` or `bridge`, so that a configuration of the reference plugin means the
    /// same. Where there is none of the three the plugin goes on with the link that one before it in the list has made. This does
    /// not ask for `prevResult`: DEL and CHECK have that in any case.
    ///
    /// - Returns: Nil where no link is to be made.
    init?(_ call: PluginCall) throws(CNIError) {
        guard call.isWired else {
            if call.kind == .fairlead { try Self.refuseBridgeMembers(call.configuration, "no link is made") }
            return nil
        }
        self.init()
        let configuration = call.configuration
        if try Self.isBridge(call) {
            mode = .bridge(try BridgeConfiguration(configuration))
        } else {
            mode = .ptp
            if call.kind == .fairlead { try Self.refuseBridgeMembers(configuration, "the mode is ptp") }
        }
        // The plugin that is all in one sets at once what `tuning` would change later.
        let asked = call.kind == .fairlead ? try call.configurationArguments : nil
        var mtu: UInt32?
        for section in [asked, configuration].compactMap({ $0 }) where mtu == nil {
            mtu = try section.number("mtu", in: 0...UInt32(Int32.max))
        }
        self.mtu = mtu == 0 ? nil : mtu
        macAddress = try call.requestedMACAddress
        detectsDuplicateAddresses = try configuration.flag("enabledad") ?? false
    }

    private static func isBridge(_ call: PluginCall) throws(CNIError) -> Bool {
        guard call.kind == .fairlead else { return call.kind == .bridge }
        switch try call.configuration.text("mode") {
        case "bridge", nil: return true
        case "ptp": return false
        case .some(let mode): throw CNIError(.badConfiguration, "mode: '\(mode)' is neither bridge nor ptp")
        }
    }

    private static func refuseBridgeMembers(_ section: ConfigurationSection, _ reason: String) throws(CNIError) {
        let names = [
            "bridge", "isGateway", "isDefaultGateway", "forceAddress", "hairpinMode", "promiscMode", "vlan",
            "vlanTrunk",
            "preserveDefaultVlan", "macspoofchk", "disableContainerInterface", "portIsolation",
        ]
        for name in names {
            guard let value = section.value(name), value != .bool(false) else { continue }
            throw section.unsupported(name, value, reason)
        }
    }
}

extension BridgeConfiguration {
    fileprivate init(_ section: ConfigurationSection) throws(CNIError) {
        self.init()
        name = try section.text("bridge") ?? name
        isDefaultGateway = try section.flag("isDefaultGateway") ?? false
        isGateway = try section.flag("isGateway") ?? false || isDefaultGateway
        replacesAddress = try section.flag("forceAddress") ?? false
        hairpin = try section.flag("hairpinMode") ?? false
        isPromiscuous = try section.flag("promiscMode") ?? false
        guard !(hairpin && isPromiscuous) else {
            throw CNIError(.badConfiguration, "hairpinMode: not together with promiscMode")
        }
        let vlan = try section.number("vlan", in: 0...Self.lastVLAN)
        self.vlan = vlan == 0 ? nil : vlan
        trunk = try section.list("vlanTrunk", VLANRange.list)?.flatMap { $0 } ?? []
        // What the reference plugin does; its documentation has the contrary.
        keepsDefaultVLAN = try section.flag("preserveDefaultVlan") ?? false
        checksSourceMAC = try section.flag("macspoofchk") ?? false
        leavesInterfaceDown = try section.flag("disableContainerInterface") ?? false
        isolatesPorts = try section.flag("portIsolation") ?? false
    }

    /// 0 and 4095 are reserved (IEEE 802.1Q).
    fileprivate static let lastVLAN: UInt16 = 4094
}

extension BridgeConfiguration.VLANRange {
    /// An element of `vlanTrunk`: `id`, or `minID` and `maxID`, or both.
    fileprivate static func list(_ node: JSONNode, _ name: String) throws(CNIError) -> [Self] {
        let section = try ConfigurationSection.section(node, name)
        let range = 1...BridgeConfiguration.lastVLAN
        var ranges: [Self] = []
        switch (try section.number("minID", in: range), try section.number("maxID", in: range)) {
        case (nil, nil): break
        case (.some(let first), .some(let last)) where first <= last: ranges.append(Self(first: first, last: last))
        default: throw CNIError(.badConfiguration, "\(name): minID and maxID are not a range")
        }
        if let single = try section.number("id", in: range) { ranges.append(Self(first: single, last: single)) }
        return ranges
    }
}

extension PluginCall {
    /// Whether the plugin makes a link, and does not only go on with one.
    package var isWired: Bool {
        switch kind {
        case .bridge, .ptp: true
        case .loopback, .hostLocal, .portmap, .bandwidth, .tuning: false
        case .fairlead: ["mode", "ipam", "bridge"].contains { configuration.value($0) != nil }
        }
    }

    /// The MAC address that was asked for. What was said nearer to the attachment counts more.
    var requestedMACAddress: MACAddress? {
        get throws(CNIError) {
            if let address = try runtimeConfiguration?.macAddress("mac") { return address }
            if let address = try configurationArguments?.macAddress("mac") { return address }
            if let address = try environment.arguments.macAddress { return address }
            return kind == .fairlead || kind == .tuning ? try configuration.macAddress("mac") : nil
        }
    }
}

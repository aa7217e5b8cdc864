extension AddressSource {
    /// By `ipam.type`: `fairlead`, `host-local` and none at all are the store of this node; another name is a plugin.
    ///
    /// - Returns: Nil where no link is made, and for an `ipam` that is empty (or, of a reference plugin, not there): a link without
    ///   addresses.
    init?(_ call: PluginCall) throws(CNIError) {
        guard let name = try Self.pluginName(call) else { return nil }
        self = name.isEmpty ? .store(try IPAMConfiguration(call)) : .plugin(name)
    }

    /// As above, for what goes away: addresses are released whatever else is wrong with the configuration.
    static func forRemoval(_ call: PluginCall) throws(CNIError) -> AddressSource? {
        guard let name = try pluginName(call) else { return nil }
        return name.isEmpty ? .store(IPAMConfiguration(forRemoval: call)) : .plugin(name)
    }

    /// Empty for the store of this node.
    private static func pluginName(_ call: PluginCall) throws(CNIError) -> String? {
        switch call.kind {
        case .loopback, .portmap, .bandwidth, .tuning: return nil
        case .hostLocal: return ""
        case .bridge, .ptp: break
        case .fairlead:
            guard call.isWired else { return nil }
            if call.configuration.value("ipam") == nil { return "" }
        }
        guard let section = try call.configuration.section("ipam") else { return nil }
        let type = try section.text("type")
        switch type {
        case nil: return section.object.members.isEmpty ? nil : ""
        case "host-local", "fairlead": return ""
        case .some(let name):
            guard !name.contains("/"), name != ".", name != ".." else {
                throw CNIError(.badConfiguration, "ipam.type: '\(name)' is not the name of a file")
            }
            return name
        }
    }
}

extension PodConfiguration {
    /// Reads what the call's kind of plugin knows; members that it does not know are ignored, as the specification has it.
    ///
    /// - Throws: `CNIError` with `badConfiguration` for what is not valid, and with `unsupportedField` for a member of a reference
    ///   plugin that does nothing here, by its name.
    package init(_ call: PluginCall) throws(CNIError) {
        self.init()
        wiring = try WiringConfiguration(call)
        addressSource = try AddressSource(call)
        if case .bridge(let bridge)? = wiring?.mode, bridge.leavesInterfaceDown, addressSource != nil {
            throw CNIError(.badConfiguration, "disableContainerInterface: not together with ipam")
        }
        if call.kind == .ptp, addressSource == nil {
            throw CNIError(.badConfiguration, "ipam: a routed link needs addresses")
        }
        if [.fairlead, .bridge, .ptp].contains(call.kind) {
            // They may ask for something that is not looked at below.
            _ = try call.environment.arguments
            masquerades = try call.configuration.flag("ipMasq") ?? false
            try Self.checkBackend(call.configuration, "ipMasqBackend")
            dns = try Self.dns(call)
        }
        if [.fairlead, .portmap].contains(call.kind) { hostPorts = try HostPortConfiguration(call) }
        if [.fairlead, .bandwidth].contains(call.kind) { bandwidth = try BandwidthLimits(call) }
        if [.fairlead, .tuning].contains(call.kind) { tuning = try InterfaceTuning(call, isWired: wiring != nil) }
    }

    /// Rules are in nftables, whatever else the reference plugins could do.
    static func checkBackend(_ section: ConfigurationSection, _ key: String) throws(CNIError) {
        guard let backend = try section.text(key), backend != "nftables" else { return }
        throw section.unsupported(key, .string(backend), "rules are in nftables")
    }

    /// The network's settings, and in place of each the runtime's.
    private static func dns(_ call: PluginCall) throws(CNIError) -> DNSSettings {
        var dns = DNSSettings()
        if let section = try call.configuration.section("dns") { dns = try DNSSettings(section) }
        guard let section = try call.runtimeConfiguration?.section("dns") else { return dns }
        let (servers, searches) = (try section.texts("servers"), try section.texts("searches"))
        let options = try section.texts("options")
        if !servers.isEmpty { dns.nameservers = servers }
        if !searches.isEmpty { dns.search = searches }
        if !options.isEmpty { dns.options = options }
        return dns
    }
}

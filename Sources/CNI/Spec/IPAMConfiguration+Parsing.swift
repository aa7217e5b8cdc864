import Net

extension IPAMConfiguration {
    /// The members of the reference plugin `host-local`, and of ours `cooldownSeconds` and `podCIDRFile`: a file with the node's pod
    /// networks, which is read when the configuration has no ranges.
    init(_ call: PluginCall) throws(CNIError) {
        let section = try call.ipamSection
        let runtime = try call.runtimeConfiguration
        self.init()
        routes =
            try section.list("routes") { (node, name) throws(CNIError) in try AttachmentResult.Route(node, name) } ?? []
        resolvConf = try section.text("resolvConf")
        dataDirectory = try section.text("dataDir") ?? dataDirectory
        cooldownSeconds = try section.number("cooldownSeconds", in: 0...UInt32.max) ?? cooldownSeconds
        ranges = try runtime?.list("ipRanges", Range.set) ?? []
        if section.value("subnet") != nil { ranges.append([try Range(section)]) }
        ranges += try section.list("ranges", Range.set) ?? []
        if ranges.isEmpty {
            ranges = try PodCIDRFile.ranges(try section.text("podCIDRFile") ?? PodCIDRFile.defaultPath)
            // Who wrote the routes did not know of which families there are networks.
            let families = ranges.compactMap { $0.first?.subnet.family }
            routes.removeAll { !families.contains($0.destination.family) }
        }
        try Self.check(ranges)
        requestedAddresses = try Self.requestedAddresses(call, runtime)
        if let gateway = try call.environment.arguments.gateway { try use(gateway: gateway) }
    }

    /// What is needed to give addresses back. What is not valid is as if it were not there.
    init(forRemoval call: PluginCall) {
        do throws(CNIError) { self = try IPAMConfiguration(call) } catch {
            self.init()
            guard let section = try? call.ipamSection else { return }
            dataDirectory = (try? section.text("dataDir")) ?? dataDirectory
            cooldownSeconds = (try? section.number("cooldownSeconds", in: 0...UInt32.max)) ?? cooldownSeconds
        }
    }

    /// The addresses of `args` and of the runtime; those of CNI_ARGS only where there are none such (CONVENTIONS.md).
    private static func requestedAddresses(
        _ call: PluginCall, _ runtime: ConfigurationSection?
    ) throws(CNIError) -> [IPAddress] {
        var requested = try call.configurationArguments?.list("ips", address) ?? []
        requested += try runtime?.list("ips", address) ?? []
        if requested.isEmpty { requested = try call.environment.arguments.addresses }
        var unique: [IPAddress] = []
        for address in requested where !unique.contains(address) { unique.append(address) }
        return unique
    }

    private static func address(_ node: JSONNode, _ name: String) throws(CNIError) -> IPAddress {
        let text = try ConfigurationSection.text(node, name)
        guard let address = IPAddress(withOptionalLength: text) else {
            throw CNIError(.badConfiguration, "\(name): '\(text)' is not an IP address")
        }
        return address
    }

    /// Puts the gateway that was asked for in the place of that of the ranges it is in.
    private mutating func use(gateway: IPAddress) throws(CNIError) {
        var isUsed = false
        for (set, ranges) in ranges.enumerated() {
            for (position, range) in ranges.enumerated() where range.subnet.contains(gateway) {
                self.ranges[set][position].gateway = gateway
                isUsed = true
            }
        }
        guard isUsed else {
            throw CNIError(.badEnvironment, "CNI_ARGS has GATEWAY=\(gateway), which is in none of the network's ranges")
        }
    }
}

extension PluginCall {
    /// `ipam`, empty where there is none.
    fileprivate var ipamSection: ConfigurationSection {
        get throws(CNIError) { try configuration.section("ipam") ?? ConfigurationSection(JSONObject(), path: "ipam.") }
    }
}

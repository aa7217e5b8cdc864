import Net

extension AttachmentResult {
    /// From the result of any version that is spoken: they differ in members that are not there or say nothing new.
    ///
    /// - Throws: `CNIError` with `badConfiguration`.
    init(_ section: ConfigurationSection) throws(CNIError) {
        self.init()
        interfaces = try section.list("interfaces") { (node, name) throws(CNIError) in try Interface(node, name) } ?? []
        let count = interfaces.count
        addresses =
            try section.list("ips") { (node, name) throws(CNIError) in
                try Address(node, name, interfaceCount: count)
            } ?? []
        routes = try section.list("routes") { (node, name) throws(CNIError) in try Route(node, name) } ?? []
        if let dns = try section.section("dns") { self.dns = try DNSSettings(dns) }
    }
}

extension AttachmentResult.Interface {
    fileprivate init(_ node: JSONNode, _ name: String) throws(CNIError) {
        let section = try ConfigurationSection.section(node, name)
        self.init(
            name: try section.text("name") ?? "", macAddress: try section.macAddress("mac"),
            mtu: try section.number("mtu", in: 0...UInt32.max), sandbox: try section.text("sandbox"),
            socketPath: try section.text("socketPath"), pciID: try section.text("pciID"))
    }
}

extension AttachmentResult.Address {
    fileprivate init(_ node: JSONNode, _ name: String, interfaceCount: Int) throws(CNIError) {
        let section = try ConfigurationSection.section(node, name)
        let text = try section.text("address") ?? ""
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(configured: parts[0]), let length = Int(parts[1]),
            (0...address.family.bitWidth).contains(length)
        else {
            throw CNIError(.badConfiguration, "\(section.name("address")): '\(text)' is no address with its length")
        }
        var interface = try section.number("interface", in: 0...Int.max)
        if let position = interface, position >= interfaceCount { interface = nil }
        self.init(address, prefixLength: length, gateway: try section.address("gateway"), interface: interface)
    }
}

extension AttachmentResult.Route {
    /// As in a result, or in the configuration of IPAM.
    init(_ node: JSONNode, _ name: String) throws(CNIError) {
        let section = try ConfigurationSection.section(node, name)
        let text = try section.text("dst") ?? ""
        guard let destination = IPPrefix(configured: text) else {
            throw CNIError(.badConfiguration, "\(section.name("dst")): '\(text)' is not a network in CIDR notation")
        }
        let gateway = try section.address("gw")
        if let gateway, gateway.family != destination.family {
            throw CNIError(
                .badConfiguration, "\(section.name("gw")): \(gateway) is of another family than \(destination)")
        }
        self.init(
            destination, gateway: gateway, mtu: try section.number("mtu", in: 0...UInt32.max),
            advertisedMSS: try section.number("advmss", in: 0...UInt32.max),
            priority: try section.number("priority", in: 0...UInt32.max),
            table: try section.number("table", in: 0...UInt32.max),
            scope: try section.number("scope", in: 0...UInt8.max))
    }
}

extension IPPrefix {
    /// The network of an address with its length, as configurations spell it: host bits are dropped. Nil for what is none.
    init?(configured text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(configured: parts[0]), let length = Int(parts[1]),
            let prefix = IPPrefix(containing: address, length: length)
        else { return nil }
        self = prefix
    }
}

extension DNSSettings {
    /// As in a result, or in the configuration.
    init(_ section: ConfigurationSection) throws(CNIError) {
        self.init(
            nameservers: try section.texts("nameservers"), domain: try section.text("domain"),
            search: try section.texts("search"), options: try section.texts("options"))
    }
}

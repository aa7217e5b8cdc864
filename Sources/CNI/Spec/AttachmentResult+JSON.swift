extension AttachmentResult {
    /// As a version of the specification spells it ("ADD Success"); what the version does not know is left out.
    package func json(_ version: SpecVersion) -> JSONNode {
        var object: JSONObject = ["cniVersion": .string(version.rawValue)]
        object.append("interfaces", ifPresent: Self.list(interfaces) { $0.json(version) })
        object.append("ips", ifPresent: Self.list(addresses) { $0.json(version) })
        object.append("routes", ifPresent: Self.list(routes) { $0.json(version) })
        object.append("dns", ifPresent: dns.json)
        return .object(object)
    }

    private static func list<Element>(_ elements: [Element], _ json: (Element) -> JSONNode) -> JSONNode? {
        elements.isEmpty ? nil : .array(elements.map(json))
    }
}

extension AttachmentResult.Interface {
    fileprivate func json(_ version: SpecVersion) -> JSONNode {
        var object: JSONObject = ["name": .string(name)]
        object.append("mac", ifPresent: macAddress.map { .string($0.description) })
        if version >= .v1_1_0 { object.append("mtu", ifPresent: mtu.map { .integer($0) }) }
        object.append("sandbox", ifPresent: sandbox.map { .string($0) })
        if version >= .v1_1_0 {
            object.append("socketPath", ifPresent: socketPath.map { .string($0) })
            object.append("pciID", ifPresent: pciID.map { .string($0) })
        }
        return .object(object)
    }
}

extension AttachmentResult.Address {
    fileprivate func json(_ version: SpecVersion) -> JSONNode {
        var object = JSONObject()
        if version < .v1_0_0 { object.append("version", .string(address.family == .ipv4 ? "4" : "6")) }
        object.append("address", .string("\(address)/\(prefixLength)"))
        object.append("gateway", ifPresent: gateway.map { .string($0.description) })
        object.append("interface", ifPresent: interface.map { .integer($0) })
        return .object(object)
    }
}

extension AttachmentResult.Route {
    fileprivate func json(_ version: SpecVersion) -> JSONNode {
        var object: JSONObject = ["dst": .string(destination.description)]
        object.append("gw", ifPresent: gateway.map { .string($0.description) })
        if version >= .v1_1_0 {
            object.append("mtu", ifPresent: mtu.map { .integer($0) })
            object.append("advmss", ifPresent: advertisedMSS.map { .integer($0) })
            object.append("priority", ifPresent: priority.map { .integer($0) })
            object.append("table", ifPresent: table.map { .integer($0) })
            object.append("scope", ifPresent: scope.map { .integer($0) })
        }
        return .object(object)
    }
}

extension DNSSettings {
    /// Nil when there is nothing to say.
    fileprivate var json: JSONNode? {
        guard !isEmpty else { return nil }
        var object = JSONObject()
        if !nameservers.isEmpty { object.append("nameservers", .array(nameservers.map { .string($0) })) }
        object.append("domain", ifPresent: domain.map { .string($0) })
        if !search.isEmpty { object.append("search", .array(search.map { .string($0) })) }
        if !options.isEmpty { object.append("options", .array(options.map { .string($0) })) }
        return .object(object)
    }
}

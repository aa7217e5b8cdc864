/// What a runtime keeps of an attachment that it has added: a file of libcni's cache (`cniCacheV1`: libcni/api.go of the CNI project), from
/// which runtimes call CHECK and DEL.
struct CachedAttachment {
    let attachment: Attachment
    /// A CHECK of each of our plugins in the network's list.
    let calls: [PluginCall]

    /// Nil for a file of something else.
    ///
    /// - Throws: `CNIError` with `undecodable` or `badConfiguration` for one that is damaged.
    init?(_ content: [UInt8]) throws(CNIError) {
        guard let object = try JSONNode(parsing: content).object, object["kind"]?.string == "cniCacheV1" else {
            return nil
        }
        let cache = ConfigurationSection(object)
        guard let network = try cache.text("networkName"), let containerID = try cache.text("containerId"),
            let interfaceName = try cache.text("ifName"), let config = try cache.text("config")
        else { throw CNIError(.badConfiguration, "it lacks what tells whose it is") }
        attachment = Attachment(network: network, containerID: containerID, interfaceName: interfaceName)
        guard let bytes = [UInt8](base64: config), let list = try JSONNode(parsing: bytes).object else {
            throw CNIError(.undecodable, "config is no JSON object in base64")
        }
        let environment = try PluginEnvironment([
            "CNI_COMMAND": PluginCommand.check.rawValue, "CNI_CONTAINERID": containerID, "CNI_IFNAME": interfaceName,
            // Only rules are looked at, which are the node's.
            "CNI_NETNS": try cache.text("netns") ?? "unknown",
            "CNI_ARGS": try Self.arguments(cache),
        ])
        var calls: [PluginCall] = []
        for plugin in try Self.plugins(ConfigurationSection(list)) {
            let input = Self.input(plugin, list, cache.object)
            let call = try PluginCall(environment, input: input, program: PluginKind.fairlead.rawValue)
            calls.append(call)
        }
        self.calls = calls
    }

    /// Those of the list that are ours; the configuration itself where it is no list.
    private static func plugins(_ list: ConfigurationSection) throws(CNIError) -> [JSONObject] {
        let plugins =
            try list.list("plugins") { (node, name) throws(CNIError) in
                try ConfigurationSection.section(node, name).object
            } ?? [list.object]
        return plugins.filter { $0["type"]?.string == PluginKind.fairlead.rawValue }
    }

    /// What libcni gives a plugin: its configuration with the list's name and version, what the runtime said for the capabilities that it
    /// has, and the result.
    private static func input(_ plugin: JSONObject, _ list: JSONObject, _ cache: JSONObject) -> [UInt8] {
        var input = plugin
        input.append("name", ifPresent: list["name"])
        // Of a list with versions to choose from the result has the one that was chosen.
        input.append("cniVersion", ifPresent: cache["result"]?.object?["cniVersion"] ?? list["cniVersion"])
        var runtime = JSONObject()
        for capability in plugin["capabilities"]?.object?.members ?? [] where capability.value == .bool(true) {
            runtime.append(capability.name, ifPresent: cache["capabilityArgs"]?.object?[capability.name])
        }
        input.append("runtimeConfig", .object(runtime))
        input.append("prevResult", ifPresent: cache["result"])
        var bytes: [UInt8] = []
        JSONNode.object(input).append(to: &bytes)
        return bytes
    }

    /// `cniArgs`, a list of pairs, as `CNI_ARGS`.
    private static func arguments(_ cache: ConfigurationSection) throws(CNIError) -> String {
        let pairs = try cache.list("cniArgs") { (node, name) throws(CNIError) in
            try ConfigurationSection.list(node, name, ConfigurationSection.text)
        }
        return (pairs ?? []).map { $0.joined(separator: "=") }.joined(separator: ";")
    }
}

extension [UInt8] {
    /// From base64 (RFC 4648, section 4), as Go writes it in JSON; nil for what is none.
    package init?(base64 text: String) {
        self.init()
        reserveCapacity(text.utf8.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                padding += 1
                continue
            default: return nil
            }
            guard padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                append(UInt8(truncatingIfNeeded: bits >> 16))
                append(UInt8(truncatingIfNeeded: bits >> 8))
                append(UInt8(truncatingIfNeeded: bits))
            }
        }
        guard (count + padding) % 4 == 0, padding <= 2 else { return nil }
        if padding == 2 { append(UInt8(truncatingIfNeeded: bits >> 4)) }
        if padding == 1 {
            append(UInt8(truncatingIfNeeded: bits >> 10))
            append(UInt8(truncatingIfNeeded: bits >> 2))
        }
    }
}

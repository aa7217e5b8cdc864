import Net

/// `CNI_ARGS`: what was said about the attachment in the environment, as `NAME=value;…`.
package struct CNIArguments: Hashable, Sendable {
    /// `IP`: the addresses that are asked for.
    package private(set) var addresses: [IPAddress] = []
    /// `GATEWAY`: the gateway of the network that they are in.
    package private(set) var gateway: IPAddress?
    /// `MAC`: of the container's interface.
    package private(set) var macAddress: MACAddress?

    package init() {}

    /// - Throws: `CNIError` with `badEnvironment` for a pair that is none, a value that is not valid and, without `IgnoreUnknown=1`,
    ///   a name that is unknown.
    package init(_ text: String) throws(CNIError) {
        guard !text.isEmpty else { return }
        var unknown: [String] = []
        var ignoresUnknown = false
        for pair in text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            let pair = Substring(pair)
            let parts = pair.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false).map {
                String(Substring($0))
            }
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CNIError(.badEnvironment, "CNI_ARGS has \"\(pair)\", which is not NAME=value")
            }
            let value = parts[1]
            switch parts[0] {
            case "IgnoreUnknown": ignoresUnknown = try Self.bool(value)
            case "IP":
                for part in value.split(separator: ",") { addresses.append(try Self.address(String(part), "IP")) }
            case "GATEWAY": if !value.isEmpty { gateway = try Self.address(value, "GATEWAY") }
            case "MAC": if !value.isEmpty { macAddress = try Self.macAddress(value) }
            case let name where name.hasPrefix("K8S_"): break
            default: unknown.append(String(pair))
            }
        }
        guard unknown.isEmpty || ignoresUnknown else {
            throw CNIError(.badEnvironment, "CNI_ARGS has what is unknown: \(unknown.joined(separator: ", "))")
        }
    }

    private static func bool(_ text: String) throws(CNIError) -> Bool {
        switch text.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default: throw CNIError(.badEnvironment, "CNI_ARGS has IgnoreUnknown=\(text), which is neither true nor false")
        }
    }

    /// With or without a prefix length.
    private static func address(_ text: String, _ name: String) throws(CNIError) -> IPAddress {
        guard let address = IPAddress(withOptionalLength: text) else {
            throw CNIError(.badEnvironment, "CNI_ARGS has \(name)=\(text), which is no IP address")
        }
        return address
    }

    private static func macAddress(_ text: String) throws(CNIError) -> MACAddress {
        do throws(AddressParseError) { return try MACAddress(text) } catch {
            throw CNIError(.badEnvironment, "CNI_ARGS has MAC=\(text), which is no MAC address")
        }
    }
}

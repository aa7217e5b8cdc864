extension BandwidthLimits {
    /// The members of the reference plugin `bandwidth`; where there are none of them, `runtimeConfig.bandwidth`.
    init(_ call: PluginCall) throws(CNIError) {
        self.init()
        let names = ["ingressRate", "ingressBurst", "egressRate", "egressBurst"]
        if names.contains(where: { call.configuration.value($0) != nil }) {
            self = try Self(call.configuration)
        } else if let section = try call.runtimeConfiguration?.section("bandwidth") {
            self = try Self(section)
        }
    }

    private init(_ section: ConfigurationSection) throws(CNIError) {
        self.init(
            ingressBitsPerSecond: try section.number("ingressRate", in: 0...UInt64.max) ?? 0,
            ingressBurstBits: try section.number("ingressBurst", in: 0...UInt64.max) ?? 0,
            egressBitsPerSecond: try section.number("egressRate", in: 0...UInt64.max) ?? 0,
            egressBurstBits: try section.number("egressBurst", in: 0...UInt64.max) ?? 0)
        try Self.check(section, "ingressRate", ingressBitsPerSecond, "ingressBurst", ingressBurstBits)
        try Self.check(section, "egressRate", egressBitsPerSecond, "egressBurst", egressBurstBits)
    }

    private static func check(
        _ section: ConfigurationSection, _ rateName: String, _ rate: UInt64, _ burstName: String, _ burst: UInt64
    ) throws(CNIError) {
        guard (rate == 0) == (burst == 0) else {
            throw CNIError(
                .badConfiguration,
                "\(section.name(rateName)): \(rate), but \(burstName) \(burst): both or none must be set")
        }
        // The kernel's queue counts bytes in 32 bits.
        guard burst / 8 < UInt64(UInt32.max) else {
            throw CNIError(.badConfiguration, "\(section.name(burstName)): \(burst) bits are 4 GiB or more")
        }
    }
}

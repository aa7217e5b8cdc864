import Net

extension InterfaceTuning {
    /// The members of the reference plugin `tuning`, at the top and in `args.cni`, which count more.
    ///
    /// - Parameter isWired: Whether this call makes the link: it then has its MAC address and MTU from the start.
    init(_ call: PluginCall, isWired: Bool) throws(CNIError) {
        self.init()
        let sections = [try call.configurationArguments, call.configuration].compactMap { $0 }
        func first<Value>(_ read: (ConfigurationSection) throws(CNIError) -> Value?) throws(CNIError) -> Value? {
            for section in sections { if let value = try read(section) { return value } }
            return nil
        }
        if let directory = try call.configuration.text("dataDir") {
            throw call.configuration.unsupported("dataDir", .string(directory), "what a link was before is not kept")
        }
        for section in sections.reversed() {
            for sysctl in try Self.sysctls(section, call.environment.interfaceName) {
                sysctls.removeAll { $0.name == sysctl.name }
                sysctls.append(sysctl)
            }
        }
        if !isWired {
            macAddress = try call.requestedMACAddress
            let mtu = try first { (section) throws(CNIError) in try section.number("mtu", in: 0...UInt32(Int32.max)) }
            self.mtu = mtu == 0 ? nil : mtu
        }
        isPromiscuous = try first { (section) throws(CNIError) in try section.flag("promisc") } == true ? true : nil
        receivesAllMulticast = try first { (section) throws(CNIError) in try section.flag("allmulti") }
        transmitQueueLength = try first { (section) throws(CNIError) in try section.number("txQLen", in: 0...UInt32.max)
        }
    }

    /// `sysctl`: names below `net`, in which `IFNAME` is the container's interface.
    private static func sysctls(
        _ section: ConfigurationSection, _ interfaceName: String
    ) throws(CNIError) -> [Sysctl] {
        guard let section = try section.section("sysctl") else { return [] }
        let allowlist = try TuningAllowlist()
        var sysctls: [Sysctl] = []
        for member in section.object.members {
            let name = section.name(member.name)
            // A path, because an interface's name may have dots.
            let path = member.name.split(separator: member.name.contains("/") ? "/" : ".").map { part in
                part == "IFNAME" ? interfaceName : String(part)
            }
            guard path.first == "net", path.count > 2, !path.contains(where: { $0 == "." || $0 == ".." }) else {
                throw CNIError(.badConfiguration, "\(name): not a parameter below net")
            }
            try allowlist.check(member.name)
            let sysctl = Sysctl(
                name: path.joined(separator: "/"), value: try ConfigurationSection.text(member.value, name))
            guard !sysctls.contains(where: { $0.name == sysctl.name }) else {
                throw CNIError(.badConfiguration, "\(name): given twice")
            }
            sysctls.append(sysctl)
        }
        return sysctls
    }

    /// Whether there is anything to set.
    package var isEmpty: Bool { self == InterfaceTuning() }
}

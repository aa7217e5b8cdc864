import Netlink

extension InterfaceTuning {
    /// Sets it all. What belongs to the interface ends with it.
    ///
    /// - Throws: `CNIError`, for a kernel parameter that is none of the network's with its name, before anything is set.
    package func apply(_ namespace: PodNamespace, interfaceName: String) throws(CNIError) {
        guard self != InterfaceTuning() else { return }
        var names: [String] = []
        for sysctl in sysctls { names.append(try Self.parameter(sysctl.name, interfaceName)) }
        try namespace.run { () throws(CNIError) in
            for (name, sysctl) in zip(names, sysctls) {
                do throws(SystemError) { try Netlink.Sysctl.write(name, sysctl.value) } catch {
                    throw CNIError(error.isAbsence ? .badConfiguration : .ioFailure, "\(error)")
                }
            }
            guard
                macAddress != nil || mtu != nil || isPromiscuous != nil || receivesAllMulticast != nil
                    || transmitQueueLength != nil
            else { return }
            let attributes = LinkAttributes(
                mtu: mtu, macAddress: macAddress, isPromiscuous: isPromiscuous,
                receivesAllMulticast: receivesAllMulticast,
                transmitQueueLength: transmitQueueLength)
            try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                try socket.perform(.setLink(.name(interfaceName), attributes))
            }
        }
    }

    /// - Throws: `CNIError` (`.notAsAdded`) that names what has another value by now.
    package func check(_ namespace: PodNamespace, interfaceName: String) throws(CNIError) {
        guard self != InterfaceTuning() else { return }
        try namespace.run { () throws(CNIError) in
            for sysctl in sysctls {
                let name = try Self.parameter(sysctl.name, interfaceName)
                let value: String
                do throws(SystemError) { value = try Netlink.Sysctl.read(name) } catch {
                    throw CNIError(.notAsAdded, "\(error)")
                }
                // The kernel writes lists with tabs.
                guard Self.words(value) == Self.words(sysctl.value) else {
                    throw CNIError(.notAsAdded, "sysctl \(sysctl.name) is \(value), not \(sysctl.value)")
                }
            }
            let link = try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                return try socket.link(.name(interfaceName))
            }
            let isAsAdded = (
                address: link.macAddress == macAddress ?? link.macAddress, mtu: link.mtu == mtu ?? link.mtu,
                promiscuous: link.isPromiscuous == isPromiscuous ?? link.isPromiscuous,
                multicast: link.receivesAllMulticast == receivesAllMulticast ?? link.receivesAllMulticast,
                queue: link.transmitQueueLength == transmitQueueLength ?? link.transmitQueueLength
            )
            for (isRight, what) in [
                (isAsAdded.address, "MAC address"), (isAsAdded.mtu, "MTU"), (isAsAdded.promiscuous, "promiscuous mode"),
                (isAsAdded.multicast, "reception of all multicast"),
                (isAsAdded.queue, "transmit queue length"),
            ] where !isRight {
                throw CNIError(
                    .notAsAdded, "interface \(interfaceName) in \(namespace.path): \(what) is not as it was set")
            }
        }
    }

    /// The parameter as a path below /proc/sys. `IFNAME` in a name is the interface, as in the reference plugin `tuning`.
    private static func parameter(_ name: String, _ interfaceName: String) throws(CNIError) -> String {
        let separator: Character = name.contains("/") ? "/" : "."
        var parts = name.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        if parts.first == "" && separator == "/" { parts.removeFirst() }
        guard parts.count > 1, parts[0] == "net", !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw CNIError(.badConfiguration, "sysctl \(name) is not below net: it is no container's own")
        }
        if let place = parts.firstIndex(of: "IFNAME") { parts[place] = interfaceName }
        return parts.joined(separator: "/")
    }

    private static func words(_ value: String) -> [Substring] { value.split { $0 == " " || $0 == "\t" || $0 == "\n" } }
}

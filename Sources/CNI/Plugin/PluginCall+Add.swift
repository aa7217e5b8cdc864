import Netlink

extension PluginCall {
    /// ADD: after a failure there is nothing left of it.
    func add() throws(CNIError) -> AttachmentResult {
        let namespace = try containerNamespace()
        switch kind {
        case .loopback: return try addLoopback(namespace)
        case .hostLocal:
            var acquired = try AcquiredAddresses(try AddressSource(self), self)
            acquired.keep()
            return acquired.result
        case .fairlead, .bridge, .ptp, .portmap, .bandwidth, .tuning: break
        }
        let pod = try PodConfiguration(self)
        let previous = try previousResult
        guard let wiring = pod.wiring else { return try adjust(pod, previous, namespace) }
        return try attach(wiring, pod, previous, namespace)
    }

    /// Makes a link with addresses, and all that belongs to it.
    private func attach(
        _ wiring: WiringConfiguration, _ pod: PodConfiguration, _ previous: AttachmentResult?, _ namespace: PodNamespace
    ) throws(CNIError) -> AttachmentResult {
        var acquired = try AcquiredAddresses(pod.addressSource, self)
        let link = PodLink(wiring, attachment)
        var result = try link.attach(namespace, acquired.result)
        do throws(CNIError) {
            result.interfaces += try applyParts(of: pod, addresses: result.addresses, namespace)
        } catch {
            try? link.detach(namespace)
            throw error
        }
        acquired.keep()
        if !pod.dns.isEmpty { result.dns = pod.dns }
        return previous.map { $0.merging(result) } ?? result
    }

    /// Goes on with the link that a plugin before this one has made.
    private func adjust(
        _ pod: PodConfiguration, _ previous: AttachmentResult?, _ namespace: PodNamespace
    ) throws(CNIError) -> AttachmentResult {
        guard var result = previous else { throw missingPreviousResult }
        let addresses = result.addresses(ofInterface: environment.interfaceName)
        result.interfaces += try applyParts(of: pod, addresses: addresses, namespace)
        result.note(pod.tuning, ofInterface: environment.interfaceName)
        if !pod.dns.isEmpty { result.dns = pod.dns }
        return result
    }

    /// What is set of a link that is there. The rules are one transaction and the last, so that they need not be undone.
    ///
    /// - Returns: The links that this took.
    private func applyParts(
        of pod: PodConfiguration, addresses: [AttachmentResult.Address], _ namespace: PodNamespace
    ) throws(CNIError) -> [AttachmentResult.Interface] {
        if !pod.tuning.isEmpty {
            try pod.tuning.apply(namespace, interfaceName: environment.interfaceName)
        }
        var interfaces: [AttachmentResult.Interface] = []
        if !pod.bandwidth.isUnlimited {
            let host = try hostInterface(namespace)
            if let added = try pod.bandwidth.apply(hostInterface: host, attachment: attachment) {
                interfaces.append(added)
            }
        }
        let isRepairNeeded: Bool
        do throws(CNIError) { isRepairNeeded = try rules(of: pod, addresses)?.add() ?? false } catch {
            if !pod.bandwidth.isUnlimited { try? BandwidthLimits.remove(attachment) }
            throw error
        }
        // A failure there is no reason to refuse this container.
        if isRepairNeeded { _ = try? rulesRepair.run(except: [attachment]) }
        return interfaces
    }

    /// Nil where nothing is translated.
    func rules(of pod: PodConfiguration, _ addresses: [AttachmentResult.Address]) -> PodRules? {
        guard pod.masquerades || !pod.hostPorts.ports.isEmpty else { return nil }
        return PodRules(attachment, addresses: addresses, masquerades: pod.masquerades, hostPorts: pod.hostPorts)
    }

    /// The host's end of the container's veth.
    func hostInterface(_ namespace: PodNamespace) throws(CNIError) -> String {
        do {
            let inside = try namespace.run { () throws(CNIError) in
                try Kernel.ask { () throws(NetlinkError) in
                    var socket = try RouteSocket()
                    return try socket.link(.name(environment.interfaceName))
                }
            }
            guard let index = inside.peerIndex else {
                throw CNIError(.badConfiguration, "bandwidth: \(environment.interfaceName) has no end on the host")
            }
            var socket = try RouteSocket()
            return try socket.link(.index(index)).name
        } catch let error as CNIError {
            throw error
        } catch {
            throw CNIError(.kernelRefused, "the host's end of \(attachment)", details: "\(error)")
        }
    }

    var missingPreviousResult: CNIError {
        CNIError(
            .badConfiguration, "prevResult: not given, and this configuration makes no link of its own",
            details:
                "it goes on with what a plugin before it in the list has made, or has \"mode\": \"bridge\" or \"ptp\"")
    }
}

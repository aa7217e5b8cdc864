import Net
import Netlink

extension PodRules {
    /// All elements that the attachment shall have.
    ///
    /// - Throws: `.badConfiguration` or `.unsupportedField` for ports that cannot be.
    func elements() throws(CNIError) -> [PodElement] {
        var elements: [PodElement] = []
        for family in IPFamily.allCases {
            let own = addresses.filter { $0.address.family == family }
            // As the reference plugin does it: host ports lead to the first address of a family.
            let ports = try own.first.map { address throws(CNIError) in try portElements(to: address.address) } ?? []
            for (index, address) in own.enumerated() {
                let isTarget = index == 0 && !ports.isEmpty && hostPorts.masqueradesLocal
                if masquerades || isTarget { elements.append(try networkElement(address)) }
                if masquerades { elements.append(PodElement(.masqueradedPods, family, key: NFTData(address.address))) }
                if isTarget { elements.append(PodElement(.hostPortPods, family, key: NFTData(address.address))) }
            }
            elements += ports
        }
        return elements
    }

    private func networkElement(_ address: AttachmentResult.Address) throws(CNIError) -> PodElement {
        guard let network = address.network else {
            throw CNIError(
                .badConfiguration, "address \(address.address)", details: "a network of \(address.prefixLength) bits")
        }
        var element = PodElement(
            .podNetworks, address.address.family, key: NFTData(address.address, network.address),
            lastKey: NFTData(address.address, network.lastAddress))
        // The address is in its network, however long the prefix that it was added with.
        element.probe = NFTData(address.address, address.address)
        return element
    }

    private func portElements(to podAddress: IPAddress) throws(CNIError) -> [PodElement] {
        let family = podAddress.family
        var elements: [PodElement] = []
        for port in hostPorts.ports {
            guard port.hostPort > 0, port.containerPort > 0 else {
                throw CNIError(.badConfiguration, "\(port)", details: "ports are from 1 to 65535")
            }
            if let host = port.hostAddress, host.family != family { continue }
            if port.hostAddress?.isLoopback == true, family == .ipv6 {
                throw CNIError(.unsupportedField, "hostIP ::1", details: "\(port): IPv6 does not route ::1 to a pod")
            }
            var key = NFTData()
            let isAny = port.hostAddress?.isUnspecified ?? true
            if let host = port.hostAddress, !isAny { key.append(host) }
            key.append(port.transport)
            key.append(port: port.hostPort)
            var data = NFTData(podAddress)
            data.append(port: port.containerPort)
            var element = PodElement(isAny ? .hostPorts : .hostAddressPorts, family, key: key, data: data)
            element.port = port
            if let same = elements.first(where: { $0.set == element.set && $0.key == element.key }) {
                guard same.data == element.data else {
                    throw CNIError(.badConfiguration, "\(port)", details: "asked for twice, for different ports")
                }
                continue
            }
            elements.append(element)
            if hostPorts.masqueradesAll, hostPorts.masqueradesLocal {
                elements.append(PodElement(isAny ? .masqueradedPorts : .masqueradedAddressPorts, family, key: key))
            }
        }
        return elements
    }
}

extension PodElement {
    /// As nft prints its key.
    var text: String { self.set.key.text(key.bytes, family) }
}

extension PluginCall {
    /// CHECK: fails when something that ADD has made is not as it was left.
    func check() throws(CNIError) {
        let namespace = try containerNamespace()
        switch kind {
        case .loopback: return try Loopback().check(namespace)
        case .hostLocal: return try checkAddresses(try AddressSource(self), nil)
        case .fairlead, .bridge, .ptp, .portmap, .bandwidth, .tuning: break
        }
        let pod = try PodConfiguration(self)
        guard let previous = try previousResult else { throw CNIError(.badConfiguration, "prevResult: not given") }
        let addresses = previous.addresses(ofInterface: environment.interfaceName)
        if let wiring = pod.wiring {
            try checkAddresses(pod.addressSource, addresses)
            try PodLink(wiring, attachment).check(namespace, previous)
        }
        if !pod.tuning.isEmpty {
            try pod.tuning.check(namespace, interfaceName: environment.interfaceName)
        }
        if !pod.bandwidth.isUnlimited {
            try pod.bandwidth.check(hostInterface: try hostInterface(namespace), attachment: attachment)
        }
        try rules(of: pod, addresses)?.check()
    }

    /// - Parameter expected: Those of the previous result; nil when there is none to compare with.
    private func checkAddresses(
        _ source: AddressSource?, _ expected: [AttachmentResult.Address]?
    ) throws(CNIError) {
        switch source {
        case nil: return
        case .plugin(let name): try DelegatedPlugin(name, self).run(.check)
        case .store(let configuration):
            let reserved = try AddressStore(configuration, network: network).addresses(of: attachment).map(\.address)
            guard !reserved.isEmpty else {
                throw CNIError(.notAsAdded, "no address is reserved for \(attachment)")
            }
            guard let expected else { return }
            if let missing = reserved.first(where: { address in !expected.contains { $0.address == address } }) {
                throw CNIError(.notAsAdded, "\(missing) is reserved for \(attachment), but is not in prevResult")
            }
        }
    }
}

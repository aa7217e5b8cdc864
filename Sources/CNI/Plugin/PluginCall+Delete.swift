import Net

extension PluginCall {
    /// DEL: takes away all that may be there of the attachment, whatever of it is, and goes on after failures.
    ///
    /// Nothing that only ADD needs is read of the configuration, so that no mistake in it keeps a container from going away. An address
    /// stays reserved for as long as its link cannot be removed.
    func delete() throws(CNIError) {
        switch kind {
        // A loopback ends with its namespace. Whose namespace is at the path by now is not known, and a container, or the node, that
        // loses its loopback is broken.
        case .loopback, .tuning: break
        case .hostLocal: try release(try AddressSource.forRemoval(self))
        case .portmap: try PodRules.remove(attachment, addresses: nil)
        case .bandwidth: try BandwidthLimits.remove(attachment)
        case .fairlead, .bridge, .ptp: try deleteAll()
        }
    }

    private func deleteAll() throws(CNIError) {
        let namespace = remainingNamespace
        var failures = Failures()
        let source = isWired ? try AddressSource.forRemoval(self) : nil
        // The kernel cleans up after the rules for as long as after links: that is left to who waits for the links.
        var removal: PodRules.Removal?
        failures.attempt { () throws(CNIError) in
            removal = try PodRules.remove(attachment, addresses: ownAddresses(source))
        }
        if isWired {
            let wiring = (try? WiringConfiguration(self)) ?? WiringConfiguration()
            let isGone = failures.attempt { () throws(CNIError) in
                try PodLink(wiring, attachment).detach(namespace, leavesFreeing: true)
            }
            if isGone { failures.attempt { () throws(CNIError) in try release(source) } }
        } else {
            failures.attempt { () throws(CNIError) in try BandwidthLimits.remove(attachment) }
        }
        // Without this it goes as soon as nobody names it any more.
        withExtendedLifetime(removal) {}
        try failures.throwFirst()
    }

    /// The addresses that are reserved for the attachment; nil when that is not known. What a runtime gives back as the previous result
    /// does not count: by now they may be somebody else's.
    private func ownAddresses(_ source: AddressSource?) -> [IPAddress]? {
        guard case .store(let configuration)? = source,
            let addresses = try? AddressStore(configuration, network: network).addresses(of: attachment),
            !addresses.isEmpty
        else { return nil }
        return addresses.map(\.address)
    }

    private func release(_ source: AddressSource?) throws(CNIError) {
        switch source {
        case nil: break
        case .store(let configuration): try AddressStore(configuration, network: network).release(attachment)
        case .plugin(let name): try DelegatedPlugin(name, self).run(.delete)
        }
    }
}

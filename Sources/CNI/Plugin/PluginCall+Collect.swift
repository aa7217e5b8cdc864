extension PluginCall {
    /// GC: takes away what belongs to other attachments of the network than those that are valid, and goes on after failures.
    func collect() throws(CNIError) {
        let keeping = try validAttachments
        var failures = Failures()
        if [.fairlead, .bridge, .ptp, .portmap].contains(kind) {
            failures.attempt { () throws(CNIError) in _ = try PodRules.collect(network: network, keeping: keeping) }
            // What belongs to the valid is not to be missing either. Not all runtimes have such files.
            _ = try? rulesRepair.run()
        }
        if [.fairlead, .bandwidth].contains(kind) {
            failures.attempt { () throws(CNIError) in
                _ = try BandwidthLimits.collect(network: network, keeping: keeping)
            }
        }
        // An address stays reserved for as long as its link cannot be removed.
        let areLinksGone =
            !isWired
            || failures.attempt { () throws(CNIError) in _ = try PodLink.collect(network: network, keeping: keeping) }
        if areLinksGone { failures.attempt { () throws(CNIError) in try collectAddresses(keeping) } }
        try failures.throwFirst()
    }

    private func collectAddresses(_ keeping: Set<Attachment>) throws(CNIError) {
        switch try AddressSource.forRemoval(self) {
        case nil: break
        case .store(let configuration):
            _ = try AddressStore(configuration, network: network).collect(keeping: keeping)
        case .plugin(let name): try DelegatedPlugin(name, self).run(.collect)
        }
    }
}

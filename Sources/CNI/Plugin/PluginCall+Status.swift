extension PluginCall {
    /// STATUS: fails when an ADD could not succeed. As runtimes ask every few seconds, it is also where rules come back that a stranger
    /// has taken away.
    func status() throws(CNIError) {
        do throws(CNIError) {
            let pod = try PodConfiguration(self)
            switch kind == .hostLocal ? try AddressSource(self) : pod.addressSource {
            case nil: break
            case .store(let configuration):
                try AddressStore(configuration, network: network).checkAvailability()
            case .plugin(let name): try DelegatedPlugin(name, self).run(.status)
            }
            try? repairRules(pod)
        } catch {
            switch error.code {
            case .badConfiguration, .unsupportedField, .incompatibleVersion, .limitedConnectivity: throw error
            default: throw CNIError(.notAvailable, error.message, details: error.details)
            }
        }
    }
}

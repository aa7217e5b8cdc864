extension ProxyModel {
    /// Takes a Service as it is now.
    mutating func apply(_ change: Parsed<ParsedService>) {
        ledger.set(change.problems, for: .service(change.key))
        let service = change.value
        guard let place = service == nil ? place(of: change.key) : makePlace(of: change.key),
            entries[place].service != service
        else { return }
        markDirty(place)
        if let service, entries[place].service?.hasSameFrontends(as: service) == true {
            entries[place].service = service
            return
        }
        forEachFrontend(of: place) { model, frontend, port in model.release(frontend, by: port) }
        entries[place].service = service
        forEachFrontend(of: place) { model, frontend, port in model.claim(frontend, by: port) }
    }

    mutating func replace(_ services: [Parsed<ParsedService>]) {
        let keys = Set(services.lazy.map(\.key))
        for service in services { apply(service) }
        // A Service that was left out as a whole is only in the ledger.
        var gone = entries.filter { $0.service != nil && !keys.contains($0.key) }.map(\.key)
        for case .service(let key) in ledger.current.keys where !keys.contains(key) { gone.append(key) }
        for key in gone { apply(Parsed<ParsedService>(key: key, value: nil, problems: [])) }
    }

    private mutating func forEachFrontend(
        of place: Int, _ body: (inout ProxyModel, Frontend, PortReference) -> Void
    ) {
        guard let service = entries[place].service else { return }
        for (index, port) in service.ports.enumerated() {
            let reference = PortReference(entry: Int32(place), port: Int32(index))
            body(&self, .clusterIP(of: port), reference)
            if let nodePort = Frontend.nodePort(of: port) { body(&self, nodePort, reference) }
            for external in service.externals where external.address.family == port.family {
                body(&self, .external(external.address, of: port), reference)
            }
        }
    }
}

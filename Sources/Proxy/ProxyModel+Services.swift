import KubeAPI

extension ProxyModel {
    /// Takes a Service as it is now, or nil when it has gone.
    mutating func apply(service: Service?, key: ObjectKey) {
        var problems = ProblemList(kind: Service.resource.kind, key: key)
        let parsed = service.flatMap {
            ParsedService($0, families: configuration.families, problems: &problems)
        }
        ledger.set(problems.all, for: .service(key))
        guard let place = parsed == nil ? place(of: key) : makePlace(of: key), entries[place].service != parsed else {
            return
        }
        forEachFrontend(of: place) { model, frontend, port in model.release(frontend, by: port) }
        entries[place].service = parsed
        forEachFrontend(of: place) { model, frontend, port in model.claim(frontend, by: port) }
        markDirty(place)
    }

    mutating func replaceServices(_ services: [Service]) {
        let keys = Set(services.lazy.map { ObjectKey($0.metadata) })
        for service in services { apply(service: service, key: ObjectKey(service.metadata)) }
        let gone = entries.lazy.filter { $0.service != nil && !keys.contains($0.key) }.map(\.key)
        for key in Array(gone) { apply(service: nil, key: key) }
    }

    private mutating func forEachFrontend(
        of place: Int, _ body: (inout ProxyModel, Frontend, PortReference) -> Void
    ) {
        guard let ports = entries[place].service?.ports else { return }
        for (index, port) in ports.enumerated() {
            let reference = PortReference(entry: Int32(place), port: Int32(index))
            body(&self, .clusterIP(of: port), reference)
            if let nodePort = Frontend.nodePort(of: port) { body(&self, nodePort, reference) }
        }
    }
}

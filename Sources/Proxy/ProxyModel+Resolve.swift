import Dataplane
import Net

/// An endpoint on its way to a service port: one of possibly several entries for the same address and port.
struct EndpointCandidate: Sendable {
    let address: IPAddress
    let port: UInt16
    let state: EndpointState
}

extension ProxyModel {
    /// Works out the service ports of one Service anew, and puts those that differ from what was published into
    /// `changes`.
    mutating func resolve(_ place: Int, into changes: inout [ServicePortName: ServicePort?]) {
        let former = entries[place].published
        let ports = entries[place].service?.ports ?? []
        var problems = ProblemList(kind: "Service", key: entries[place].key)
        var current: [ServiceEntry.Published] = []
        current.reserveCapacity(ports.count)
        for (index, port) in ports.enumerated() {
            let reference = PortReference(entry: Int32(place), port: Int32(index))
            let before = former.first(at: index, of: port)
            let published = ServiceEntry.Published(
                name: before?.name ?? name(of: port, at: place),
                value: ServicePort(
                    clusterIP: take(.clusterIP(of: port), port, reference, &problems) ? port.clusterIP : nil,
                    port: port.port,
                    nodePort: Frontend.nodePort(of: port).flatMap {
                        take($0, port, reference, &problems) ? port.nodePort : nil
                    },
                    endpoints: endpoints(of: port, at: place, former: before?.value.endpoints ?? [])))
            if before?.value != published.value { changes.updateValue(published.value, forKey: published.name) }
            current.append(published)
        }
        for old in former where !current.contains(where: { $0.name == old.name }) {
            changes.updateValue(nil, forKey: old.name)
        }
        entries[place].published = current
        ledger.set(problems.all, for: .conflict(entries[place].key))
    }

    private func name(of port: ParsedService.Port, at place: Int) -> ServicePortName {
        ServicePortName(
            namespace: entries[place].key.namespace, service: entries[place].key.name, port: port.name,
            protocol: port.protocol, family: port.family)
    }

    private func take(
        _ frontend: Frontend, _ port: ParsedService.Port, _ reference: PortReference, _ problems: inout ProblemList
    ) -> Bool {
        if holds(frontend, reference) { return true }
        problems.append(conflict(over: frontend, of: port))
        return false
    }

    /// The endpoints that new connections may go to, in the order of address and port; `former` itself when they are
    /// the same.
    private mutating func endpoints(
        of port: ParsedService.Port, at place: Int, former: [Endpoint]
    ) -> [Endpoint] {
        collectCandidates(of: port, at: place)
        let hasReady = candidates.contains { $0.state.isReady }
        candidates.removeAll { hasReady ? !$0.state.isReady : !$0.state.isServingTerminating }
        let isSame = candidates.elementsEqual(former) {
            $0.address == $1.address && $0.port == $1.port && $0.state.isLocal == $1.isLocal
        }
        if isSame { return former }
        return candidates.map { Endpoint(address: $0.address, port: $0.port, isLocal: $0.state.isLocal) }
    }

    /// Fills `candidates` with one entry for each address and port, in their order.
    private mutating func collectCandidates(of port: ParsedService.Port, at place: Int) {
        candidates.removeAll(keepingCapacity: true)
        for slice in entries[place].slices where slice.family == port.family {
            for slicePort in slice.ports where slicePort.protocol == port.protocol && slicePort.name == port.name {
                for endpoint in slice.endpoints {
                    candidates.append(
                        EndpointCandidate(
                            address: endpoint.address, port: slicePort.number, state: endpoint.state))
                }
            }
        }
        candidates.sort { ($0.address, $0.port, $0.state) < ($1.address, $1.port, $1.state) }
        // Of equals the first counts: see `EndpointState`.
        var kept = 0
        for index in candidates.indices {
            if kept > 0, candidates[kept - 1].address == candidates[index].address,
                candidates[kept - 1].port == candidates[index].port
            {
                continue
            }
            if kept != index { candidates[kept] = candidates[index] }
            kept += 1
        }
        candidates.removeLast(candidates.count - kept)
    }
}

extension [ServiceEntry.Published] {
    /// What was published of `port`: most often at the place where it is now.
    fileprivate func first(at index: Int, of port: ParsedService.Port) -> ServiceEntry.Published? {
        func isMatch(_ element: Element) -> Bool {
            element.name.port == port.name && element.name.protocol == port.protocol
                && element.name.family == port.family
        }
        if index < count, isMatch(self[index]) { return self[index] }
        return first(where: isMatch)
    }
}

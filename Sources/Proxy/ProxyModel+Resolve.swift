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
    /// `resolved`.
    mutating func resolve(_ place: Int) {
        resolveHealthCheck(of: place)
        align(place)
        var problems = ProblemList(kind: "Service", key: entries[place].key)
        if let service = entries[place].service {
            for index in service.ports.indices {
                let value = servicePort(index, of: service, at: place, &problems)
                guard value != entries[place].published[index].value else { continue }
                let family = entries[place].published[index].name.family
                tally.remove(entries[place].published[index].value, family)
                tally.add(value, family)
                entries[place].published[index].value = value
                resolved.updateValue(value, forKey: entries[place].published[index].name)
            }
        }
        ledger.set(problems.all, for: .conflict(entries[place].key))
    }

    /// Brings `published` into the order of the Service's ports. What is new there has no value that a port could have.
    private mutating func align(_ place: Int) {
        let ports = entries[place].service?.ports ?? []
        let isAligned =
            ports.count == entries[place].published.count
            && zip(ports, entries[place].published).allSatisfy { $1.isOf($0) }
        if isAligned { return }
        let former = entries[place].published
        let current = ports.map { port in
            former.first { $0.isOf(port) }
                ?? ServiceEntry.Published(
                    name: name(of: port, at: place), value: ServicePort(clusterIP: nil, port: 0))
        }
        for new in current where !former.contains(where: { $0.name == new.name }) {
            tally.add(new.value, new.name.family)
        }
        for old in former where !current.contains(where: { $0.name == old.name }) {
            tally.remove(old.value, old.name.family)
            // Before anything was handed out nobody knows of it.
            if publishedNode == nil {
                resolved.removeValue(forKey: old.name)
            } else {
                resolved.updateValue(nil, forKey: old.name)
            }
        }
        entries[place].published = current
    }

    private mutating func servicePort(
        _ index: Int, of service: ParsedService, at place: Int, _ problems: inout ProblemList
    ) -> ServicePort {
        let port = service.ports[index]
        let reference = PortReference(entry: Int32(place), port: Int32(index))
        var value = entries[place].published[index].value
        value.port = port.port
        value.clusterIP = take(.clusterIP(of: port), port, reference, &problems) ? port.clusterIP : nil
        value.nodePort = Frontend.nodePort(of: port).flatMap {
            take($0, port, reference, &problems) ? port.nodePort : nil
        }
        value.externalAddresses = externalAddresses(of: port, service, reference, &problems)
        value.internalPolicy = service.internalPolicy
        value.externalPolicy = service.externalPolicy
        value.isEssential = service.isEssential
        value.affinitySeconds = service.affinitySeconds
        let isExternal = port.nodePort != nil || service.externals.contains { $0.address.family == port.family }
        collectCandidates(of: port, at: place)
        let selection = EndpointSelection(
            candidates,
            usesLocal: service.internalPolicy == .local || service.externalPolicy == .local && isExternal)
        value.endpoints = pick(former: value.endpoints, where: selection.isInCluster)
        value.localEndpoints = pick(former: value.localEndpoints, where: selection.isInLocal)
        value.retainedEndpoints = pick(former: value.retainedEndpoints, where: selection.isRetained)
        return value
    }

    private func externalAddresses(
        of port: ParsedService.Port, _ service: ParsedService, _ reference: PortReference,
        _ problems: inout ProblemList
    ) -> [ExternalAddress] {
        var addresses: [ExternalAddress] = []
        for external in service.externals where external.address.family == port.family {
            guard take(.external(external.address, of: port), port, reference, &problems) else { continue }
            let allowed =
                external.isLoadBalancer
                ? service.sources.allowed(to: external.address, nodeAddresses: ownAddresses) : nil
            addresses.append(ExternalAddress(external.address, allowedSources: allowed))
        }
        return addresses
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

    /// The chosen ones of `candidates`, in the order of address and port; `former` itself when they are the same.
    private func pick(former: [Endpoint], where isChosen: (EndpointState) -> Bool) -> [Endpoint] {
        var count = 0
        var isSame = true
        for candidate in candidates where isChosen(candidate.state) {
            if isSame { isSame = count < former.count && candidate.isSame(as: former[count]) }
            count += 1
        }
        if isSame, count == former.count { return former }
        guard count > 0 else { return [] }
        var chosen: [Endpoint] = []
        chosen.reserveCapacity(count)
        for candidate in candidates where isChosen(candidate.state) {
            chosen.append(
                Endpoint(address: candidate.address, port: candidate.port, isLocal: candidate.state.mayBeHere))
        }
        return chosen
    }

    /// Fills `candidates` with one entry for each address and port, in their order.
    private mutating func collectCandidates(of port: ParsedService.Port, at place: Int) {
        candidates.removeAll(keepingCapacity: true)
        var runs = 0
        for slice in entries[place].slices where slice.family == port.family {
            for slicePort in slice.ports where slicePort.protocol == port.protocol && slicePort.name == port.name {
                runs += 1
                for endpoint in slice.endpoints {
                    candidates.append(
                        EndpointCandidate(
                            address: endpoint.address, port: slicePort.number,
                            state: slice.state(of: endpoint, in: node?.zone)))
                }
            }
        }
        // The endpoints of one slice are in order, but for hints that have only now become known.
        if runs > 1 || candidates.contains(where: { $0.state.hasZoneHints }) { sortCandidates() }
        removeDuplicates()
    }

    private mutating func sortCandidates() {
        candidates.sort { ($0.address, $0.port, $0.state) < ($1.address, $1.port, $1.state) }
    }

    private mutating func removeDuplicates() {
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

extension EndpointCandidate {
    fileprivate func isSame(as endpoint: Endpoint) -> Bool {
        address == endpoint.address && port == endpoint.port && state.mayBeHere == endpoint.isLocal
    }
}

extension ServiceEntry.Published {
    /// This is what was published of `port`.
    fileprivate func isOf(_ port: ParsedService.Port) -> Bool {
        name.protocol == port.protocol && name.family == port.family && name.port == port.name
    }
}

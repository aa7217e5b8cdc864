/// The servers that load balancers ask whether this node has endpoints.
extension ProxyModel {
    /// What they have to answer, where it differs from the last call.
    mutating func takeHealthChecks() -> HealthChecks? {
        guard isSynced, areHealthChecksStale else { return nil }
        areHealthChecksStale = false
        var current = HealthChecks()
        current.addresses = publishedNode?.nodePortAddresses ?? []
        current.services = claimedHealthChecks().sorted { $0.name < $1.name }
        guard current != publishedHealthChecks else { return nil }
        publishedHealthChecks = current
        return current
    }

    /// Works out what the health check of one Service has to answer.
    mutating func resolveHealthCheck(of place: Int) {
        let former = healthCheckServices[place]
        let key = entries[place].key
        var current: HealthChecks.Service?
        if let service = entries[place].service, service.healthCheckPort > 0 {
            current = HealthChecks.Service(
                name: key, port: service.healthCheckPort, localEndpoints: entries[place].localReadyAddressCount)
        }
        guard current != former else { return }
        healthCheckServices[place] = current
        if current == nil { ledger.set([], for: .healthCheck(key)) }
        areHealthChecksStale = true
        if current?.port != former?.port { isNodeStale = true }
    }

    /// One Service for each port: the older one, then the first by name.
    private mutating func claimedHealthChecks() -> some Sequence<HealthChecks.Service> {
        var holders: [UInt16: HealthChecks.Service] = [:]
        let order = healthCheckServices.sorted { left, right in
            let (first, second) = (entries[left.key].service?.created, entries[right.key].service?.created)
            if let first, let second, first != second { return first < second }
            return left.value.name < right.value.name
        }
        for (_, service) in order {
            var problems = ProblemList(kind: "Service", key: service.name)
            if let holder = holders[service.port] {
                problems.append(
                    "healthCheckNodePort \(service.port) is held by \(holder.name.reference(kind: "Service")), "
                        + "which is older or comes first by name")
            } else {
                holders[service.port] = service
            }
            ledger.set(problems.all, for: .healthCheck(service.name))
        }
        return holders.values
    }
}

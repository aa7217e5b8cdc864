import Dataplane

/// Two Services may ask for the same frontend. One gets it, the other waits; who does not depend on the order of
/// events: the older one, then the first by namespace, name and port.
extension ProxyModel {
    func holds(_ frontend: Frontend, _ port: PortReference) -> Bool {
        contenders.isEmpty || holders[frontend] == port
    }

    mutating func claim(_ frontend: Frontend, by port: PortReference) {
        guard let holder = holders[frontend] else {
            holders[frontend] = port
            return
        }
        if precedes(port, holder) {
            holders[frontend] = port
            contenders[frontend, default: []].append(holder)
            // All of them say who has it.
            for loser in contenders[frontend] ?? [] { markDirty(Int(loser.entry)) }
        } else {
            contenders[frontend, default: []].append(port)
        }
    }

    mutating func release(_ frontend: Frontend, by port: PortReference) {
        guard var waiting = contenders[frontend] else {
            holders[frontend] = nil
            return
        }
        if holders[frontend] == port, let next = waiting.min(by: precedes) {
            holders[frontend] = next
            for waiter in waiting { markDirty(Int(waiter.entry)) }
            waiting.removeAll { $0 == next }
        } else {
            waiting.removeAll { $0 == port }
        }
        contenders[frontend] = waiting.isEmpty ? nil : waiting
    }

    /// Why `port` does not have `frontend`: "ClusterIP 10.96.0.1 port 80/TCP is held by Service default/web".
    func conflict(over frontend: Frontend, of port: ParsedService.Port) -> String {
        let holder = holders[frontend].map { entries[Int($0.entry)].key.reference(kind: "Service") } ?? "nobody"
        let label = port.name.isEmpty ? "" : " for port \(port.name)"
        return "\(frontend.description(for: port))\(label) is held by \(holder), which is older or comes first by name"
    }

    private func precedes(_ left: PortReference, _ right: PortReference) -> Bool {
        let (leftEntry, rightEntry) = (entries[Int(left.entry)], entries[Int(right.entry)])
        guard let leftService = leftEntry.service, let rightService = rightEntry.service else { return false }
        if leftService.created != rightService.created { return leftService.created < rightService.created }
        if leftEntry.key != rightEntry.key { return leftEntry.key < rightEntry.key }
        return leftService.ports[Int(left.port)].name < rightService.ports[Int(right.port)].name
    }
}

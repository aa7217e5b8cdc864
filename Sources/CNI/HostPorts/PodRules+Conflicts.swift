import Net
import Netlink

extension PodRules {
    /// Plans the elements that are missing, and those to be replaced: ours that were left by an earlier attempt, and others' that
    /// lead to an address which is ours now, so that they can only be of an attachment that is gone.
    ///
    /// - Throws: `.hostPortTaken`
    func plan(
        _ elements: [PodElement], _ socket: inout NFTSocket, _ batch: inout NFTBatch
    ) throws(CNIError) {
        let own = addresses.map(\.address)
        let comment = attachment.comment
        for (element, found) in zip(elements, try PodTables.find(elements, &socket)) {
            guard let found else {
                batch.add(element, comment: comment)
                continue
            }
            let existing = PodElement(element.set, element.family, found)
            if found.comment != comment, let port = element.port, let mapped = existing.mappedPort,
                !own.contains(mapped.podAddress)
            {
                throw CNIError.taken(port, by: found, mapped)
            }
            if found.comment == comment, element.matches(found) { continue }
            batch.delete(existing)
            batch.add(element, comment: comment)
        }
        try checkOverlaps(elements, own, &socket, &batch)
    }

    /// A port on any address and one on a single address of the node exclude each other, as they do for sockets.
    private func checkOverlaps(
        _ elements: [PodElement], _ own: [IPAddress], _ socket: inout NFTSocket, _ batch: inout NFTBatch
    ) throws(CNIError) {
        for family in IPFamily.allCases {
            let single = elements.filter { $0.set == .hostAddressPorts && $0.family == family }
            let wide = single.compactMap { element -> PodElement? in
                guard let port = element.port else { return nil }
                var key = NFTData()
                key.append(port.transport)
                key.append(port: port.hostPort)
                var wide = PodElement(.hostPorts, family, key: key)
                wide.port = port
                return wide
            }
            for (element, found) in zip(wide, try PodTables.find(wide, &socket)) {
                if let port = element.port, let found {
                    try settle(PodElement(.hostPorts, family, found), found, port, own, elements, &batch)
                }
            }
            // One on any address: every single address that has the port is in its way. Few pods ask for such.
            let any = elements.filter { $0.set == .hostPorts && $0.family == family }
            guard !any.isEmpty else { continue }
            for (existing, found) in try PodTables.all(of: .hostAddressPorts, family, &socket) {
                guard let mapped = existing.mappedPort,
                    let port = any.first(where: {
                        $0.port?.transport == mapped.transport && $0.port?.hostPort == mapped.hostPort
                    })?.port
                else { continue }
                try settle(existing, found, port, own, elements, &batch)
            }
        }
    }

    /// An overlapping element: ours is none, and what leads to an address that is ours now is left over and goes.
    private func settle(
        _ existing: PodElement, _ found: NFTElement, _ port: HostPort, _ own: [IPAddress], _ wanted: [PodElement],
        _ batch: inout NFTBatch
    ) throws(CNIError) {
        guard found.comment != attachment.comment, let mapped = existing.mappedPort else { return }
        guard own.contains(mapped.podAddress) else { throw CNIError.taken(port, by: found, mapped) }
        // What is wanted itself is replaced already.
        if !wanted.contains(where: { $0.set == existing.set && $0.key == existing.key }) { batch.delete(existing) }
    }
}

extension NFTElement {
    /// Whose it is, for people.
    var holder: String {
        guard let comment, !comment.isEmpty else { return "somebody who did not say so" }
        return Attachment(comment: comment)?.description ?? "\"\(comment)\""
    }
}

extension CNIError {
    fileprivate static func taken(_ port: HostPort, by element: NFTElement, _ mapped: PodElement.Port) -> CNIError {
        CNIError(
            .hostPortTaken, "\(port) is taken by \(element.holder)",
            details: "it leads to \(mapped.podAddress) port \(mapped.podPort)")
    }

    /// The kernel's refusal of something about the pods' tables.
    init(pods error: NetlinkError) {
        self.init(.kernelRefused, "masquerade and host ports: \(error.object)", details: "\(error)")
    }
}

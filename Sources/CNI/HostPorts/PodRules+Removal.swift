import Net
import Netlink

extension PodRules {
    /// A removal that has taken effect, and that the kernel still cleans up after. Closing a socket of netfilter waits for
    /// that, some 15 ms, and so does the end of the process: whoever keeps this while it deletes links, which takes as long,
    /// waits once for both.
    package struct Removal: ~Copyable {
        private let tables: PodTables
        private let flows: ConntrackSocket?

        fileprivate init(_ tables: consuming PodTables, _ flows: consuming ConntrackSocket?) {
            self.tables = tables
            self.flows = flows
        }
    }

    /// Removes all elements of an attachment, whatever there is of it, and the UDP flows through its host ports. Idempotent.
    ///
    /// - Parameter addresses: the attachment's, which saves the look at other pods' elements; nil when they are not known.
    @discardableResult
    package static func remove(_ attachment: Attachment, addresses: [IPAddress]?) throws(CNIError) -> Removal {
        let comment = attachment.comment
        var removed: [NFTElement] = []
        return try remove(&removed) { (sets: PodSet, family: IPFamily, socket: inout NFTSocket) throws(CNIError) in
            let candidates: [(element: PodElement, found: NFTElement)]
            if let addresses, sets.isByPod {
                let probes = addresses.filter { $0.family == family }.map { sets.probe($0) }
                candidates = zip(probes, try PodTables.find(probes, &socket)).compactMap { probe, found in
                    found.map { (PodElement(sets, family, $0), $0) }
                }
            } else {
                candidates = try PodTables.all(of: sets, family, &socket)
            }
            return candidates.filter { $0.found.comment == comment }
        }
    }

    /// Removes the elements of all attachments of a network but some.
    ///
    /// - Returns: Those that had elements. A name that is too long for a comment comes back cut.
    package static func collect(network: String, keeping: Set<Attachment>) throws(CNIError) -> [Attachment] {
        let kept = Set(keeping.map(\.comment))
        var removed: [NFTElement] = []
        _ = try remove(&removed) { (set: PodSet, family: IPFamily, socket: inout NFTSocket) throws(CNIError) in
            try PodTables.all(of: set, family, &socket).filter { _, found in
                guard let comment = found.comment, !kept.contains(comment) else { return false }
                return Attachment(comment: comment)?.isWritten(of: network) ?? false
            }
        }
        return Set(removed.compactMap(\.comment)).sorted().compactMap { Attachment(comment: $0) }
    }

    /// Removes, in one transaction, the elements of each set that `choose` returns, then the flows that went through them.
    private static func remove(
        _ removed: inout [NFTElement],
        _ choose: (PodSet, IPFamily, inout NFTSocket) throws(CNIError) -> [(element: PodElement, found: NFTElement)]
    ) throws(CNIError) -> Removal {
        var tables = try PodTables()
        var chosen: [(element: PodElement, found: NFTElement)] = []
        try tables.change { socket, batch throws(CNIError) in
            chosen = []
            for family in IPFamily.allCases {
                for set in PodSet.allCases { chosen += try choose(set, family, &socket) }
            }
            // Before, too: whoever is killed between the two finds no element that would lead to the flows.
            _ = try HostPortFlows.clear(leadingTo: chosen.compactMap(\.element.mappedPort))
            for (element, _) in chosen { batch.delete(element) }
        }
        removed = chosen.map(\.found)
        return Removal(tables, try HostPortFlows.clear(leadingTo: chosen.compactMap(\.element.mappedPort)))
    }
}

extension PodSet {
    /// Its keys begin with the pod's own address.
    fileprivate var isByPod: Bool {
        switch self {
        case .hostPortPods, .podNetworks, .masqueradedPods: true
        case .hostPorts, .hostAddressPorts, .masqueradedPorts, .masqueradedAddressPorts: false
        }
    }

    fileprivate func probe(_ address: IPAddress) -> PodElement {
        PodElement(self, address.family, key: self == .podNetworks ? NFTData(address, address) : NFTData(address))
    }
}

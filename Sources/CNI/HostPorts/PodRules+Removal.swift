import Net
import Netlink

extension PodRules {
    /// A removal that has taken effect, and that the kernel still cleans up after. Closing a socket of netfilter waits for that, some
    /// 15 ms, during which nobody changes a rule, and so does the end of the process. Whoever keeps this while it deletes links hands the
    /// sockets on to the child process that waits for the links as long; when it closes them there is nothing left to wait for.
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
        return try remove(&removed) { (families: [IPFamily], socket: inout NFTSocket) throws(CNIError) in
            var candidates: [(element: PodElement, found: NFTElement)] = []
            var probes: [PodElement] = []
            for family in families {
                for set in PodSet.allCases {
                    if let addresses, set.isByPod {
                        probes += addresses.filter { $0.family == family }.map { set.probe($0) }
                    } else {
                        candidates += try PodTables.all(of: set, family, &socket)
                    }
                }
            }
            for (probe, found) in zip(probes, try PodTables.find(probes, &socket)) {
                if let found { candidates.append((PodElement(probe.set, probe.family, found), found)) }
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
        _ = try remove(&removed) { (families: [IPFamily], socket: inout NFTSocket) throws(CNIError) in
            var all: [(element: PodElement, found: NFTElement)] = []
            for family in families {
                for set in PodSet.allCases { all += try PodTables.all(of: set, family, &socket) }
            }
            return all.filter { _, found in
                guard let comment = found.comment, !kept.contains(comment) else { return false }
                return Attachment(comment: comment)?.isWritten(of: network) ?? false
            }
        }
        return Set(removed.compactMap(\.comment)).sorted().compactMap { Attachment(comment: $0) }
    }

    /// Removes, in one transaction, the elements that `choose` returns of the families that have a table, then the flows that went through
    /// them.
    private static func remove(
        _ removed: inout [NFTElement],
        _ choose: ([IPFamily], inout NFTSocket) throws(CNIError) -> [(element: PodElement, found: NFTElement)]
    ) throws(CNIError) -> Removal {
        var tables = try PodTables()
        var chosen: [(element: PodElement, found: NFTElement)] = []
        try tables.change { socket, batch throws(CNIError) in
            let families = try PodTables.families(&socket)
            do throws(CNIError) { chosen = try choose(families, &socket) } catch {
                // Where somebody has made sets of another kind, there is nothing of ours.
                guard error.code == .kernelRefused else { throw error }
                chosen = try choose(try PodTables.familiesAsWritten(families, &socket), &socket)
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

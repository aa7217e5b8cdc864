import Net
import Netlink

/// The masquerade and the host ports of one attachment: elements in the tables `ip fairlead-cni` and `ip6 fairlead-cni` of the
/// network namespace of the calling thread. Each tells by its comment whose it is, so that no other state is needed.
///
/// Every change reads what it rests on and is then made in one transaction, which the kernel takes only when no other came in
/// between; else all is done again. So two processes never both take a host port, and none removes what has become another's.
package struct PodRules {
    let attachment: Attachment
    let addresses: [AttachmentResult.Address]
    let masquerades: Bool
    let hostPorts: HostPortConfiguration

    package init(
        _ attachment: Attachment, addresses: [AttachmentResult.Address], masquerades: Bool,
        hostPorts: HostPortConfiguration
    ) {
        self.attachment = attachment
        self.addresses = addresses
        self.masquerades = masquerades
        self.hostPorts = hostPorts
    }

    /// Adds all elements, and the tables' constant part where it is not as it should be. What is there already stays. Clears the
    /// UDP flows that would go on past the new host ports.
    ///
    /// - Returns: Whether the constant part was not as it should be: what others have had in the table may be gone, too.
    /// - Throws: `.hostPortTaken` that names the attachment or the process that has a port; nothing is changed then.
    @discardableResult
    package func add() throws(CNIError) -> Bool {
        let elements = try self.elements()
        guard !elements.isEmpty else { return false }
        let ports = elements.compactMap(\.mappedPort)
        try PortListeners.check(ports)
        var tables = try PodTables()
        var rewritten: [IPFamily] = []
        do throws(CNIError) { try write(elements, &tables, &rewritten) } catch {
            // Its sets or chains are of another kind, and cannot be made what they should be: the table is somebody else's work.
            guard error.code == .kernelRefused, !rewritten.isEmpty else { throw error }
            try write(elements, &tables, &rewritten, replacesTables: true)
        }
        do throws(CNIError) {
            try HostPortFlows.clear(leadingPast: ports)
            if hostPorts.masqueradesLocal { try LoopbackRouting.allow(to: ports.map(\.podAddress)) }
        } catch {
            _ = try? Self.remove(attachment, addresses: addresses.map(\.address))
            throw error
        }
        return !rewritten.isEmpty
    }

    /// - Parameters:
    ///   - rewritten: Becomes the families whose constant part is not as it should be.
    ///   - replacesTables: Deletes their tables, and makes new ones.
    private func write(
        _ elements: [PodElement], _ tables: inout PodTables, _ rewritten: inout [IPFamily], replacesTables: Bool = false
    ) throws(CNIError) {
        var wrong: [IPFamily] = []
        defer { rewritten = wrong }
        try tables.change { socket, batch throws(CNIError) in
            wrong = []
            let existing = replacesTables ? try PodTables.families(&socket) : []
            for family in IPFamily.allCases where elements.contains(where: { $0.family == family }) {
                let comments = try PodTables.comments(of: family, &socket)
                let layout = layout(family, comments)
                guard comments != layout.comments else { continue }
                wrong.append(family)
                if existing.contains(family) { batch.delete(layout.table) }
                layout.write(to: &batch)
            }
            let isNew = { (element: PodElement) in replacesTables && wrong.contains(element.family) }
            try plan(elements.filter { !isNew($0) }, &socket, &batch)
            for element in elements where isNew(element) { batch.add(element, comment: attachment.comment) }
        }
    }

    /// Makes sure that everything is as `add` has left it.
    ///
    /// - Throws: `.notAsAdded` that names what is missing or has changed.
    package func check() throws(CNIError) {
        let elements = try self.elements()
        guard !elements.isEmpty else { return }
        var tables = try PodTables()
        for family in Set(elements.map(\.family)).sorted() {
            let comments = try tables.comments(of: family)
            guard comments == layout(family, comments).comments else {
                throw CNIError(
                    .notAsAdded, "rules of table \(PodTable(family).table)", details: "not as they were written")
            }
        }
        let found = try tables.find(elements)
        for (element, found) in zip(elements, found) {
            let object = "element \(element.text) of \(element.table) \(element.set.name)"
            guard let found else { throw CNIError(.notAsAdded, object, details: "missing") }
            guard found.comment == attachment.comment else {
                throw CNIError(.notAsAdded, object, details: "belongs to \(found.holder)")
            }
            guard element.matches(found) else { throw CNIError(.notAsAdded, object, details: "changed") }
        }
    }

    /// The table that this attachment needs, given the comments of the one that is there.
    func layout(_ family: IPFamily, _ comments: [String: [String]]) -> PodTable {
        let needsMark = !hostPorts.ports.isEmpty && hostPorts.masqueradesLocal && hostPorts.masqueradesAll
        let markBit = needsMark ? hostPorts.markBit : PodTable.markBit(of: comments)
        return PodTable(family, markBit: markBit ?? PodTable.defaultMarkBit)
    }
}

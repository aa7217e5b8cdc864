import Net
import Netlink

extension PodLink {
    /// Takes the link away, with all that hangs on it, and the limiter of its bandwidth; there may be nothing left of them.
    ///
    /// - Parameters:
    ///   - namespace: Where the container's end was; it may be another's by now. Only a link that says it is this attachment's is touched.
    ///   - leavesFreeing: A child process, which outlives this one, waits until the kernel has freed the links as well.
    package func detach(_ namespace: PodNamespace?, leavesFreeing: Bool = false) throws(CNIError) {
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        let names = [attachment.hostLinkName, BandwidthLimits.intermediateName(attachment)]
        let found = try Kernel.ask { () throws(NetlinkError) in try host.perform([], reading: names.map { .name($0) }) }
        var links: [Link] = []
        // Without an alias it is one whose making was cut short: nobody else makes such a name.
        if let link = found[0], link.kind == "veth", link.alias.map({ $0 == attachment.linkAlias }) ?? true {
            links.append(link)
        }
        if let limiter = found[1], limiter.kind == IntermediateLink.kind { links.append(limiter) }
        try Self.delete(links.map(\.index), &host, leavesFreeing: leavesFreeing)
        if links.first?.kind != "veth", let namespace { try deleteInside(namespace) }
        if bridge != nil { try Self.forgetNeighbours([macAddress], &host) }
    }

    /// Somebody has renamed the host's end, or taken it elsewhere: the container's end knows whose it is as well.
    private func deleteInside(_ namespace: PodNamespace) throws(CNIError) {
        do throws(CNIError) {
            try namespace.run { () throws(CNIError) in
                var inside = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
                let name = LinkReference.name(attachment.interfaceName)
                let link = try Kernel.ask { () throws(NetlinkError) in try inside.perform([], reading: [name]) }[0]
                guard let link, link.alias == attachment.linkAlias else { return }
                try Self.delete([link.index], &inside)
            }
        } catch {
            // No namespace is left there, or not a container's.
            if error.code != .unknownContainer && error.code != .badEnvironment { throw error }
        }
    }

    /// Deletes links. Several are deleted by one request, as a group that is made for it: each alone would wait for 20 ms, one after
    /// the other.
    static func delete(
        _ indexes: [Int32], _ socket: inout RouteSocket, leavesFreeing: Bool = false
    ) throws(CNIError) {
        guard let first = indexes.first else { return }
        func delete(_ request: RouteRequest, _ socket: inout RouteSocket) throws(CNIError) {
            try acceptingAbsence { () throws(NetlinkError) in
                if leavesFreeing { try socket.remove(request, of: indexes) } else { try socket.perform(request) }
            }
        }
        guard indexes.count > 1 else { return try delete(.deleteLink(.index(first)), &socket) }
        let links = try Kernel.ask { () throws(NetlinkError) in try socket.links(acceptsTorn: true) }
        let taken = Set(links.map { $0.group })
        var group: UInt32
        repeat { group = UInt32.random(in: 1 << 16...UInt32(Int32.max)) } while taken.contains(group)
        try acceptingAbsence { () throws(NetlinkError) in
            try socket.perform(indexes.map { .setLink(.index($0), LinkAttributes(group: group)) })
        }
        try delete(.deleteLinks(group: group), &socket)
    }

    /// What is not there any more needs nothing.
    private static func acceptingAbsence(_ body: () throws(NetlinkError) -> Void) throws(CNIError) {
        try Kernel.ask { () throws(NetlinkError) in
            do throws(NetlinkError) { try body() } catch {
                if !error.isAbsence { throw error }
            }
        }
    }

    /// Removes what the host has learned about containers that are gone.
    static func forgetNeighbours(_ addresses: Set<MACAddress>, _ host: inout RouteSocket) throws(CNIError) {
        try acceptingAbsence { () throws(NetlinkError) in
            var stale: [Neighbour] = []
            for family in IPFamily.allCases {
                stale += try host.neighbours(family).filter { $0.macAddress.map(addresses.contains) ?? false }
            }
            try host.perform(stale.map { .deleteNeighbour($0) })
        }
    }
}

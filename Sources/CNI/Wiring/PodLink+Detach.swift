import Net
import Netlink

extension PodLink {
    /// Takes the link away, with all that hangs on it; there may be nothing left of it.
    ///
    /// - Parameter namespacePath: Where the container's end was; it may be gone, or be another's by now. Only a link that says
    ///   it is this attachment's is touched.
    package func detach(namespacePath: String?) throws(CNIError) {
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        let name = LinkReference.name(attachment.hostLinkName)
        let link = try Kernel.ask { () throws(NetlinkError) in try host.perform([], reading: [name]) }[0]
        // Without an alias it is one whose making was cut short: nobody else makes such a name.
        if let link, link.kind == "veth", link.alias.map({ $0 == attachment.linkAlias }) ?? true {
            try Self.delete(link.index, &host)
        } else if let namespacePath {
            try deleteInside(namespacePath)
        }
        if bridge != nil { try Self.forgetNeighbours([macAddress], &host) }
    }

    /// Somebody has renamed the host's end, or taken it elsewhere: the container's end knows whose it is as well.
    private func deleteInside(_ path: String) throws(CNIError) {
        do throws(CNIError) {
            try PodNamespace(path: path).run { () throws(CNIError) in
                var inside = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
                let name = LinkReference.name(attachment.interfaceName)
                let link = try Kernel.ask { () throws(NetlinkError) in try inside.perform([], reading: [name]) }[0]
                guard let link, link.alias == attachment.linkAlias else { return }
                try Self.delete(link.index, &inside)
            }
        } catch {
            // No namespace is left there, or not a container's.
            if error.code != .unknownContainer && error.code != .badEnvironment { throw error }
        }
    }

    static func delete(_ link: Int32, _ socket: inout RouteSocket) throws(CNIError) {
        try Kernel.ask { () throws(NetlinkError) in
            do throws(NetlinkError) { try socket.perform(.deleteLink(.index(link))) } catch {
                if !error.isAbsence { throw error }
            }
        }
    }

    /// Removes what the host has learned about containers that are gone.
    static func forgetNeighbours(_ addresses: Set<MACAddress>, _ host: inout RouteSocket) throws(CNIError) {
        try Kernel.ask { () throws(NetlinkError) in
            var stale: [Neighbour] = []
            for family in IPFamily.allCases {
                stale += try host.neighbours(family).filter { $0.macAddress.map(addresses.contains) ?? false }
            }
            do throws(NetlinkError) { try host.perform(stale.map { .deleteNeighbour($0) }) } catch {
                if !error.isAbsence { throw error }
            }
        }
    }
}

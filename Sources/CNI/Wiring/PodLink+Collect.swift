import Net
import Netlink

extension PodLink {
    /// GC: takes away the links of a network that belong to no attachment of `keeping`.
    ///
    /// - Returns: Whose links they were.
    package static func collect(network: String, keeping: Set<Attachment>) throws(CNIError) -> [Attachment] {
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        let links = try Kernel.ask { () throws(NetlinkError) in try host.links() }
        var stale: [(link: Link, attachment: Attachment)] = []
        for link in links where link.kind == "veth" {
            guard let attachment = link.alias.flatMap({ Attachment(linkAlias: $0) }), attachment.network == network,
                !keeping.contains(attachment)
            else { continue }
            stale.append((link, attachment))
        }
        guard let first = stale.first else { return [] }
        if stale.count == 1 {
            try delete(first.link.index, &host)
        } else {
            try delete(stale.map { $0.link.index }, sparing: links, &host)
        }
        try forgetNeighbours(Set(stale.map { $0.attachment.macAddress }), &host)
        return stale.map { $0.attachment }
    }

    /// Deletes links by one request, as a group that is made for it: each alone would wait for 20 ms, one after the other.
    private static func delete(_ indexes: [Int32], sparing links: [Link], _ host: inout RouteSocket) throws(CNIError) {
        let taken = Set(links.map { $0.group })
        var group: UInt32
        repeat { group = UInt32.random(in: 1 << 16...UInt32(Int32.max)) } while taken.contains(group)
        for requests in [
            indexes.map { RouteRequest.setLink(.index($0), LinkAttributes(group: group)) },
            [.deleteLinks(group: group)],
        ] {
            try Kernel.ask { () throws(NetlinkError) in
                do throws(NetlinkError) { try host.perform(requests) } catch {
                    if !error.isAbsence { throw error }
                }
            }
        }
    }
}

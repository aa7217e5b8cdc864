import Net
import Netlink

extension PodLink {
    /// GC: takes away the links of a network that belong to no attachment of `keeping`.
    ///
    /// - Returns: Whose links they were.
    package static func collect(network: String, keeping: Set<Attachment>) throws(CNIError) -> [Attachment] {
        var host = try Kernel.ask { () throws(NetlinkError) in try RouteSocket() }
        let links = try Kernel.ask { () throws(NetlinkError) in try host.links(acceptsTorn: true) }
        var stale: [(link: Link, attachment: Attachment)] = []
        for link in links where link.kind == "veth" {
            guard let attachment = link.alias.flatMap({ Attachment(linkAlias: $0) }), attachment.network == network,
                !keeping.contains(attachment)
            else { continue }
            stale.append((link, attachment))
        }
        guard !stale.isEmpty else { return [] }
        try delete(stale.map { $0.link.index }, &host)
        try forgetNeighbours(Set(stale.map { $0.attachment.macAddress }), &host)
        return stale.map { $0.attachment }
    }
}

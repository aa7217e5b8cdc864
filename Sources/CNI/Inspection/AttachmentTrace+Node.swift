import Net
import Netlink

extension AttachmentTrace {
    /// The traces of all attachments, in the order of their networks and containers.
    ///
    /// - Parameter dataDirectory: Of the lease store; the links and the rules are those of the calling thread's network namespace.
    package static func all(dataDirectory: String) throws(CNIError) -> [AttachmentTrace] {
        var traces: [String: AttachmentTrace] = [:]
        try readLinks(&traces)
        try readLeases(dataDirectory, &traces)
        try readRules(&traces)
        try readUse(&traces)
        return traces.values.sorted { left, right in
            let (left, right) = (left.attachment, right.attachment)
            return (left.network, left.containerID, left.interfaceName)
                < (right.network, right.containerID, right.interfaceName)
        }
    }

    /// Takes away all that is left of an attachment whose container has gone. It names the attachment in everything it does, so
    /// that nothing of another is lost, whatever is added meanwhile.
    package func remove(dataDirectory: String) throws(CNIError) {
        try PodRules.remove(attachment, addresses: nil)
        if hasLimiter { try BandwidthLimits.remove(attachment) }
        try Self.store(attachment.network, dataDirectory).release(attachment)
    }

    private static func store(_ network: String, _ dataDirectory: String) throws(CNIError) -> AddressStore {
        var configuration = IPAMConfiguration()
        configuration.dataDirectory = dataDirectory
        return try AddressStore(configuration, network: network)
    }

    /// By their comments, in which long names are cut: so all that speak of one attachment meet.
    private static func change(
        _ attachment: Attachment, in traces: inout [String: AttachmentTrace], _ body: (inout AttachmentTrace) -> Void
    ) {
        body(&traces[attachment.comment, default: AttachmentTrace(attachment)])
    }

    private static func readLinks(_ traces: inout [String: AttachmentTrace]) throws(CNIError) {
        let links = try Kernel.ask { () throws(NetlinkError) in try allLinks() }
        for link in links {
            guard let alias = link.alias else { continue }
            if link.kind == "veth", let attachment = Attachment(linkAlias: alias) {
                change(attachment, in: &traces) { $0.hostLinkName = link.name }
            }
        }
        // Names that are whole come first: those of limiters may be cut.
        for link in links {
            if let attachment = link.alias.flatMap(BandwidthLimits.attachment(alias:)) {
                change(attachment, in: &traces) { $0.hasLimiter = true }
            }
        }
    }

    /// All of them: an attachment whose link is left out would look as if its container had gone. While namespaces come to an end, the
    /// kernel removes links one after the other, so that it may take a while.
    private static func allLinks() throws(NetlinkError) -> [Link] {
        var socket = try RouteSocket()
        for _ in 0..<200 {
            do throws(NetlinkError) { return try socket.links() } catch {
                guard error.isChange else { throw error }
                MonotonicClock.pause(nanoseconds: 10_000_000)
            }
        }
        return try socket.links()
    }

    private static func readLeases(
        _ dataDirectory: String, _ traces: inout [String: AttachmentTrace]
    ) throws(CNIError) {
        for network in try AddressStore.networks(dataDirectory: dataDirectory) {
            for lease in try store(network, dataDirectory).leases() {
                guard case .held(let attachment) = lease.state else { continue }
                change(attachment, in: &traces) { $0.addresses.append(lease.address) }
            }
        }
    }

    /// Only where there is no link: a node has many processes.
    private static func readUse(_ traces: inout [String: AttachmentTrace]) throws(CNIError) {
        let doubtful = traces.filter { $0.value.isStale && !$0.value.addresses.isEmpty }
        guard !doubtful.isEmpty else { return }
        let addresses = try NodeNamespaces.addresses()
        for (name, trace) in doubtful where !addresses.isDisjoint(with: trace.addresses) {
            traces[name]?.isInUse = true
        }
    }

    private static func readRules(_ traces: inout [String: AttachmentTrace]) throws(CNIError) {
        var socket = try Kernel.ask { () throws(NetlinkError) in try NFTSocket() }
        for family in IPFamily.allCases {
            for set in PodSet.allCases {
                for (element, found) in try PodTables.all(of: set, family, &socket) {
                    guard let comment = found.comment else { continue }
                    guard let attachment = traces[comment]?.attachment ?? Attachment(comment: comment) else { continue }
                    change(attachment, in: &traces) { trace in
                        trace.hasRules = true
                        if let port = element.mappedPort?.hostPortMapping, !trace.hostPorts.contains(port) {
                            trace.hostPorts.append(port)
                        }
                    }
                }
            }
        }
    }
}

extension PodElement.Port {
    fileprivate var hostPortMapping: HostPort {
        HostPort(transport, hostAddress: hostAddress, hostPort: hostPort, containerPort: podPort)
    }
}

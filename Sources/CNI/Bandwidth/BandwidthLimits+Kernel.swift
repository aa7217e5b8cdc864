import Net
import Netlink

/// Limits in the kernel, as the reference plugin `bandwidth` makes them: what the container receives leaves the host's end of its
/// link through a token bucket; what it sends is redirected to a link of kind `ifb` and leaves that through another one.
extension BandwidthLimits {
    package var isUnlimited: Bool { ingressBitsPerSecond == 0 && egressBitsPerSecond == 0 }

    /// Sets the limits that are not 0.
    ///
    /// - Parameter hostInterface: the host's end of the container's link, in the network namespace of the calling thread.
    /// - Returns: The link that was made for what the container sends, for the result; nil when that is not limited.
    /// - Throws: `.badConfiguration`, or `.kernelRefused`, also where the kernel lacks `tbf`, `ifb` or `act_mirred`.
    @discardableResult
    package func apply(
        hostInterface: String, attachment: Attachment
    ) throws(CNIError) -> AttachmentResult.Interface? {
        let ingress = try bucket(ingressBitsPerSecond, burst: ingressBurstBits, "ingress")
        let egress = try bucket(egressBitsPerSecond, burst: egressBurstBits, "egress")
        guard ingress != nil || egress != nil else { return nil }
        let host = try Self.link(hostInterface)
        var socket = try Self.open()
        if let ingress { try Self.perform([.limit(linkIndex: host.index, ingress)], &socket) }
        guard let egress else { return nil }
        let name = Self.intermediateName(attachment)
        let index = try Self.addIntermediate(name, host.mtu, attachment, &socket)
        do throws(CNIError) {
            try Self.perform(
                [.limit(linkIndex: index, egress), .redirect(linkIndex: host.index, toLink: index)], &socket)
            let link = try Self.link(name)
            return AttachmentResult.Interface(name: name, macAddress: link.macAddress, mtu: link.mtu)
        } catch {
            try? Self.remove(attachment)
            throw error
        }
    }

    /// Removes what `apply` has made beside the host's end, with which the rest goes. Idempotent.
    package static func remove(_ attachment: Attachment) throws(CNIError) {
        var socket = try open()
        _ = try kernel { () throws(NetlinkError) in
            try socket.deleteIntermediateLink(name: intermediateName(attachment))
        }
    }

    /// Makes sure that the limits are as `apply` has set them.
    ///
    /// - Throws: `.notAsAdded` that names the link.
    package func check(hostInterface: String, attachment: Attachment) throws(CNIError) {
        let ingress = try bucket(ingressBitsPerSecond, burst: ingressBurstBits, "ingress")
        let egress = try bucket(egressBitsPerSecond, burst: egressBurstBits, "egress")
        guard ingress != nil || egress != nil else { return }
        let host = try Self.link(hostInterface)
        var socket = try Self.open()
        if let ingress {
            let isLimited = try Self.kernel { () throws(NetlinkError) in
                try socket.isLimited(linkIndex: host.index, by: ingress)
            }
            guard isLimited else {
                throw CNIError(.notAsAdded, "ingress limit of link \(hostInterface)", details: "missing or changed")
            }
        }
        if let egress { try Self.check(egress, host, Self.intermediateName(attachment), &socket) }
    }

    private static func check(
        _ egress: TokenBucket, _ host: Link, _ name: String, _ socket: inout TrafficControlSocket
    ) throws(CNIError) {
        let intermediate = try kernel { () throws(NetlinkError) in try socket.intermediateLink(name: name) }
        guard let intermediate else { throw CNIError(.notAsAdded, "link \(name)", details: "missing") }
        let (isLimited, targets) = try kernel { () throws(NetlinkError) in
            (
                try socket.isLimited(linkIndex: intermediate.index, by: egress),
                try socket.redirections(linkIndex: host.index)
            )
        }
        guard isLimited else {
            throw CNIError(.notAsAdded, "egress limit of link \(name)", details: "missing or changed")
        }
        guard targets.contains(intermediate.index) else {
            throw CNIError(.notAsAdded, "redirection of link \(host.name)", details: "does not lead to \(name)")
        }
    }

    /// Removes the links that were made for attachments of a network but some.
    ///
    /// - Returns: Those that had one. A name that is too long for an alias comes back cut.
    package static func collect(network: String, keeping: Set<Attachment>) throws(CNIError) -> [Attachment] {
        let kept = Set(keeping.map { aliasPrefix + $0.comment })
        var socket = try open()
        return try kernel { () throws(NetlinkError) in
            var removed: [Attachment] = []
            for link in try socket.intermediateLinks() {
                guard let alias = link.alias, !kept.contains(alias), let attachment = attachment(alias: alias),
                    attachment.isWritten(of: network), try socket.deleteIntermediateLink(name: link.name)
                else { continue }
                removed.append(attachment)
            }
            return removed
        }
    }
}

extension BandwidthLimits {
    private static var aliasPrefix: String { "fairlead-cni " }

    /// Whose link it is that has such an alias; a name that was too long is cut. Nil for what is none of ours.
    static func attachment(alias: String) -> Attachment? {
        guard alias.hasPrefix(aliasPrefix) else { return nil }
        return Attachment(comment: String(alias.dropFirst(aliasPrefix.count)))
    }

    /// `bw` and a number made of the attachment, of 15 bytes, which is the most that a link's name has.
    static func intermediateName(_ attachment: Attachment) -> String {
        let digits = String(Attachment.digest(attachment.comment) >> 12, radix: 16)
        return "bw" + String(repeating: "0", count: 13 - digits.count) + digits
    }

    /// The burst in bytes, and a queue for what comes in the 25 ms after it, as the reference plugin has it.
    func bucket(_ bitsPerSecond: UInt64, burst burstBits: UInt64, _ direction: String) throws(CNIError) -> TokenBucket?
    {
        guard bitsPerSecond > 0 || burstBits > 0 else { return nil }
        guard bitsPerSecond > 0, burstBits > 0 else {
            throw CNIError(
                .badConfiguration, "\(direction) limit", details: "rate and burst must both be set, or none of them")
        }
        let bytesPerSecond = bitsPerSecond / 8
        guard let burst = UInt32(exactly: burstBits / 8), burst < .max else {
            throw CNIError(.badConfiguration, "\(direction) burst of \(burstBits) bits", details: "4 GB or more")
        }
        guard bytesPerSecond > 0, burst > 0 else {
            throw CNIError(.badConfiguration, "\(direction) limit", details: "rate and burst must be 8 bits or more")
        }
        let queue = bytesPerSecond / 40
        return TokenBucket(
            bytesPerSecond: bytesPerSecond, burstByteCount: burst,
            limitByteCount: UInt32(clamping: queue.addingReportingOverflow(UInt64(burst)).partialValue))
    }

    private static func addIntermediate(
        _ name: String, _ mtu: UInt32, _ attachment: Attachment, _ socket: inout TrafficControlSocket
    ) throws(CNIError) -> Int32 {
        try kernel(missing: "ifb") { () throws(NetlinkError) in
            // What an attempt that was killed has left.
            _ = try socket.deleteIntermediateLink(name: name)
            return try socket.addIntermediateLink(name: name, mtu: mtu, alias: aliasPrefix + attachment.comment)
        }
    }

    private static func perform(
        _ requests: [TrafficControlRequest], _ socket: inout TrafficControlSocket
    ) throws(CNIError) {
        try kernel(missing: "sch_tbf, sch_ingress, cls_u32 or act_mirred") { () throws(NetlinkError) in
            try socket.perform(requests)
        }
    }

    private static func link(_ name: String) throws(CNIError) -> Link {
        try kernel { () throws(NetlinkError) in
            var socket = try RouteSocket()
            return try socket.link(.name(name))
        }
    }

    private static func open() throws(CNIError) -> TrafficControlSocket {
        do throws(NetlinkError) { return try TrafficControlSocket() } catch { throw CNIError(bandwidth: error) }
    }

    /// - Parameter modules: what the kernel lacks when it does not know what it is asked for.
    private static func kernel<Result>(
        missing modules: String? = nil, _ body: () throws(NetlinkError) -> Result
    ) throws(CNIError) -> Result {
        do throws(NetlinkError) { return try body() } catch { throw CNIError(bandwidth: error, missing: modules) }
    }
}

extension CNIError {
    /// The kernel's refusal of something about bandwidth limits.
    ///
    /// - Parameter modules: what the kernel lacks when it does not know what it is asked for.
    fileprivate init(bandwidth error: NetlinkError, missing modules: String? = nil) {
        guard let modules, error.isUnknownKind else {
            self.init(.kernelRefused, "bandwidth limit: \(error.object)", details: "\(error)")
            return
        }
        self.init(
            .kernelRefused, "bandwidth limit: this kernel lacks \(modules)", details: "\(error); see modprobe(8)")
    }
}

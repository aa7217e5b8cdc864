import Net

/// What there is of one attachment in this network namespace and in the lease store.
package struct AttachmentTrace: Hashable, Sendable {
    package let attachment: Attachment
    /// Those that are reserved for it.
    package var addresses: [IPAddress] = []
    /// The host's end of its link. The kernel removes that with the container's end, which goes with the namespace.
    package var hostLinkName: String?
    package var hostPorts: [HostPort] = []
    /// It has elements in the pods' tables.
    package var hasRules = false
    /// It has a link that limits what it sends.
    package var hasLimiter = false

    package init(_ attachment: Attachment) { self.attachment = attachment }

    /// A container has one of its addresses, as one that another plugin has wired.
    package var isInUse = false

    /// Its container has gone, or is not yet there.
    package var isStale: Bool { hostLinkName == nil && !isInUse }
}

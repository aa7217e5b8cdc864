import Net
import Netlink

/// One interface of a container and its other end on the host: a port of a bridge, or a routed link of its own.
///
/// All that is needed to find it again is in the kernel: the host's end has a name that follows from the attachment, and both
/// ends say in their alias whose they are.
package struct PodLink {
    let configuration: WiringConfiguration
    let attachment: Attachment

    package init(_ configuration: WiringConfiguration, _ attachment: Attachment) {
        self.configuration = configuration
        self.attachment = attachment
    }

    /// The bridge; nil for a routed link.
    var bridge: PodBridge? {
        guard case .bridge(let bridge) = configuration.mode else { return nil }
        return PodBridge(configuration: bridge)
    }

    /// The container's end.
    var macAddress: MACAddress { configuration.macAddress ?? attachment.macAddress }

    /// The two ends as they were made.
    struct Ends {
        let host: Link
        /// The container's, in its namespace.
        let containerIndex: Int32
        let mtu: UInt32
    }
}

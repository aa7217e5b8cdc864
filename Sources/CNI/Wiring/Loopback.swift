import Net
import Netlink

/// The loopback interface of a container (reference plugin `loopback`).
package struct Loopback {
    private static let name = "lo"

    package init() {}

    /// Sets it up.
    ///
    /// - Returns: The interface and the addresses that the kernel gives it.
    package func attach(_ namespace: PodNamespace) throws(CNIError) -> AttachmentResult {
        try namespace.run { () throws(CNIError) in
            try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                let name = LinkReference.name(Self.name)
                let found = try socket.perform([.setLink(name, LinkAttributes(isUp: true))], reading: [name])
                let addresses = try socket.addresses(linkIndex: found[0]?.index)
                return AttachmentResult(
                    interfaces: [
                        .init(
                            name: Self.name, macAddress: MACAddress(bits: 0), mtu: found[0]?.mtu,
                            sandbox: namespace.path
                        )
                    ],
                    addresses: addresses.map { .init($0.address, prefixLength: $0.prefixLength, interface: 0) })
            }
        }
    }

    /// - Throws: `CNIError` (`.notAsAdded`) when it is not up.
    package func check(_ namespace: PodNamespace) throws(CNIError) {
        let isUp = try namespace.run { () throws(CNIError) in
            try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                return try socket.link(.name(Self.name)).isUp
            }
        }
        guard isUp else { throw CNIError(.notAsAdded, "interface lo in \(namespace.path) is down") }
    }
}

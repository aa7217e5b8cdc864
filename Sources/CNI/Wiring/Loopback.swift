import Net
import Netlink

/// The loopback interface of a container (reference plugin `loopback`).
package struct Loopback {
    private static let name = "lo"

    package init() {}

    /// Sets it up.
    ///
    /// - Returns: The interface and the addresses that the kernel gives it.
    package func attach(namespacePath: String) throws(CNIError) -> AttachmentResult {
        let pod = try PodNamespace(path: namespacePath)
        return try pod.run { () throws(CNIError) in
            try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                let name = LinkReference.name(Self.name)
                let found = try socket.perform([.setLink(name, LinkAttributes(isUp: true))], reading: [name])
                let addresses = try socket.addresses(linkIndex: found[0]?.index)
                return AttachmentResult(
                    interfaces: [
                        .init(
                            name: Self.name, macAddress: MACAddress(bits: 0), mtu: found[0]?.mtu, sandbox: namespacePath
                        )
                    ],
                    addresses: addresses.map { .init($0.address, prefixLength: $0.prefixLength, interface: 0) })
            }
        }
    }

    /// Does nothing: it ends with its namespace. Whose namespace is at the path by now is not known, and a container, or
    /// the node, that loses its loopback is broken.
    package func detach(namespacePath: String?) throws(CNIError) {}

    /// - Throws: `CNIError` (`.notAsAdded`) when it is not up.
    package func check(namespacePath: String) throws(CNIError) {
        let isUp = try PodNamespace(path: namespacePath).run { () throws(CNIError) in
            try Kernel.ask { () throws(NetlinkError) in
                var socket = try RouteSocket()
                return try socket.link(.name(Self.name)).isUp
            }
        }
        guard isUp else { throw CNIError(.notAsAdded, "interface lo in \(namespacePath) is down") }
    }
}

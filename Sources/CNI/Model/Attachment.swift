/// One interface of one container in one network: what the runtime adds and deletes, and who owns an address, a host port or a
/// link. (CNI specification 1.1, "Parameters": the key is the network's name, the container's id and the interface's name.)
package struct Attachment: Hashable, Sendable, CustomStringConvertible {
    /// The network's name in its configuration.
    package let network: String
    package let containerID: String
    /// The interface's name inside the container.
    package let interfaceName: String

    package init(network: String, containerID: String, interfaceName: String) {
        self.network = network
        self.containerID = containerID
        self.interfaceName = interfaceName
    }

    package var description: String { "\(interfaceName) of container \(containerID) in network \(network)" }
}

import Net

/// What is set of the container's interface and namespace besides addresses: the fields of the reference plugin `tuning`. Nil is left as it is.
package struct InterfaceTuning: Hashable, Sendable {
    /// Names below `net.`, with dots or slashes, and their values, in the order of the configuration.
    package var sysctls: [Sysctl] = []
    package var macAddress: MACAddress?
    /// In bytes.
    package var mtu: UInt32?
    package var isPromiscuous: Bool?
    package var receivesAllMulticast: Bool?
    /// In packets.
    package var transmitQueueLength: UInt32?

    package struct Sysctl: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init() {}
}

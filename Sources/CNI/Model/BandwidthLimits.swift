/// The rates of a container's interface: `runtimeConfig.bandwidth`, or the fields of the reference plugin `bandwidth`. 0 is no limit.
package struct BandwidthLimits: Hashable, Sendable {
    /// What the container receives.
    package var ingressBitsPerSecond: UInt64
    package var ingressBurstBits: UInt64
    /// What the container sends.
    package var egressBitsPerSecond: UInt64
    package var egressBurstBits: UInt64

    package init(
        ingressBitsPerSecond: UInt64 = 0, ingressBurstBits: UInt64 = 0, egressBitsPerSecond: UInt64 = 0,
        egressBurstBits: UInt64 = 0
    ) {
        self.ingressBitsPerSecond = ingressBitsPerSecond
        self.ingressBurstBits = ingressBurstBits
        self.egressBitsPerSecond = egressBitsPerSecond
        self.egressBurstBits = egressBurstBits
    }
}

import Net

/// What becomes of a packet in a table that plans have made.
package enum PacketTracer {
    /// Where the packet comes from.
    package enum Origin: Hashable, Sendable { case outside, localProcess }

    /// One way that the packet may take.
    ///
    /// - Parameter random: the number that `numgen random mod N` gives for N.
    package static func trace(
        _ packet: TracedPacket, _ origin: Origin, in table: RecordedTable, localAddresses: Set<IPAddress> = [],
        random: @escaping (UInt32) -> UInt32 = { UInt32.random(in: 0..<$0) }
    ) -> TracedVerdict {
        var explorer = PacketExplorer(
            table: table, family: packet.destination.family, localAddresses: localAddresses, random: random)
        return explorer.run(packet, origin).outcomes.first?.verdict ?? .unknown("the table has no chain")
    }

    /// All ways that it may take.
    package static func explore(
        _ packet: TracedPacket, _ origin: Origin, in table: RecordedTable, localAddresses: Set<IPAddress> = []
    ) -> PacketTrace {
        var explorer = PacketExplorer(
            table: table, family: packet.destination.family, localAddresses: localAddresses)
        return explorer.run(packet, origin)
    }
}

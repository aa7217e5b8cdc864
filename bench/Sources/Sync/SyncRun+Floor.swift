import BenchReport
import Dataplane
import Netlink
import Storage

extension SyncRun {
    /// One round of a full sync, in milliseconds.
    struct FloorRound {
        /// Sending the transaction that has been encoded before.
        let floor: Double
        /// Planning, encoding and sending it.
        let backEnd: Double
        /// From the first event to the acknowledgement.
        let event: Double
    }

    /// Writes the same state in three ways in turn, each into a network namespace of its own that has no table.
    ///
    /// - Throws: `BenchmarkError` also when the transaction is not the one that `expected` reports.
    func measureFloor(_ store: EmbeddedStore, _ expected: CommitReport) throws -> [FloorRound] {
        let desired = try desiredState(store)
        var sink = NFTBatchSink()
        sink.encodeTables(for: desired, Self.configuration)
        guard sink.batch.elementCount == expected.elements, sink.batch.byteCount == expected.bytes else {
            throw BenchmarkError(
                description: "the batch has \(sink.batch.elementCount) elements in \(sink.batch.byteCount) bytes, "
                    + "not \(expected.elements) in \(expected.bytes)")
        }
        var results: [FloorRound] = []
        for round in 0..<rounds {
            var (floor, backEnd, event) = (0.0, 0.0, 0.0)
            for step in 0..<3 {
                switch (round + step) % 3 {
                case 0: floor = try send(&sink)
                case 1: backEnd = try write(desired)
                default: event = try sync(store)
                }
            }
            results.append(FloorRound(floor: floor, backEnd: backEnd, event: event))
        }
        return results
    }

    private func send(_ sink: inout NFTBatchSink) throws -> Double {
        let namespace = try NetworkNamespace.create()
        var socket = try namespace.run { try NFTSocket() }
        let start = MonotonicClock.nanoseconds
        try socket.commit(&sink.batch)
        return Double(MonotonicClock.nanoseconds - start) / 1e6
    }

    private func write(_ desired: borrowing DesiredState) throws -> Double {
        let namespace = try NetworkNamespace.create()
        var backend = try namespace.run { try NFTBackend(Self.configuration) }
        let start = MonotonicClock.nanoseconds
        _ = try backend.commit(.everything, desired: desired)
        return Double(MonotonicClock.nanoseconds - start) / 1e6
    }

    private func sync(_ store: EmbeddedStore) throws -> Double {
        let namespace = try NetworkNamespace.create()
        let source = makeSource()
        let sync = try namespace.run {
            try SyncThread.start(source: source, backend: NFTBackend(Self.configuration))
        }
        defer { sync.stop() }
        source.proxy.connect { sync.wake() }
        let start = MonotonicClock.nanoseconds
        try feed(source.proxy, from: store)
        return Double(try source.commit(after: 0).nanoseconds - start) / 1e6
    }

    /// What the proxy makes of the store in a network namespace without addresses, as those are that are measured in.
    private func desiredState(_ store: EmbeddedStore) throws -> DesiredState {
        let source = makeSource()
        source.localAddressesChanged([])
        try feed(source.proxy, from: store)
        guard let changes = source.takeChanges() else {
            throw BenchmarkError(description: "the proxy does not know of everything")
        }
        var desired = DesiredState()
        for (name, port) in changes.servicePorts { desired.servicePorts[name] = port }
        if let node = changes.node { desired.node = node }
        return desired
    }
}

import BenchReport
import Dataplane
import FoundationEssentials
import Netlink
import Synchronization
import TestSupport

/// A transaction as Fairlead sends it, encoded once, to be sent as often as is wanted.
final class EncodedTransaction: Sendable {
    /// Of the batch, with the two messages that open and close it, of twenty bytes each.
    let byteCount: Int
    let messageCount: Int
    private let sink: Mutex<NFTBatchSink>

    init(_ sink: consuming NFTBatchSink) {
        byteCount = sink.batch.byteCount + 40
        messageCount = sink.batch.messageCount + 2
        self.sink = Mutex(sink)
    }

    /// When transactions were sent, one after the other, and how much of the processor that took.
    struct Sending: Sendable {
        var beginNanoseconds: UInt64 = 0
        var endNanoseconds: UInt64 = 0
        var cpuSeconds = 0.0
    }

    /// Sends them from a thread that does nothing else, on the processor that subjects have for themselves.
    ///
    /// - Throws: also when the kernel refuses one.
    static func send(
        _ transactions: [EncodedTransaction], in namespace: NetworkNamespace, processor: Int?
    ) throws -> Sending {
        let outcome = Mutex<Result<Sending, any Error>>(
            .failure(BenchmarkError(description: "a transaction was not sent")))
        let thread = try namespace.run {
            try JoinableThread {
                let result = Result { try sendHere(transactions, namespace, processor) }
                outcome.withLock { $0 = result }
            }
        }
        thread.join()
        return try outcome.withLock { $0 }.get()
    }

    private static func sendHere(
        _ transactions: [EncodedTransaction], _ namespace: NetworkNamespace, _ processor: Int?
    ) throws -> Sending {
        var socket = try NFTSocket()
        if let processor {
            let thread = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            guard let id = thread.split(separator: "/").last else {
                throw BenchmarkError(description: "/proc/thread-self: \(thread)")
            }
            try Tool.run("taskset", "-pc", "\(processor)", String(id), in: namespace)
        }
        let processorStart = MonotonicClock.threadProcessorNanoseconds
        var sending = Sending(beginNanoseconds: MonotonicClock.nanoseconds)
        for transaction in transactions {
            try transaction.sink.withLock { try socket.commit(&$0.batch) }
        }
        sending.endNanoseconds = MonotonicClock.nanoseconds
        sending.cpuSeconds = Double(MonotonicClock.threadProcessorNanoseconds - processorStart) / 1e9
        return sending
    }
}

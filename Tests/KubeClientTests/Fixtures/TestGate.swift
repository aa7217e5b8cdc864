import Synchronization

/// What a test opens when something that waits for it may go on.
final class TestGate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let waiting = Atomic(0)

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// How often it was come to.
    var arrivals: Int { waiting.load(ordering: .relaxed) }

    func open() { continuation.finish() }

    func wait() async {
        waiting.add(1, ordering: .relaxed)
        for await _ in stream {}
    }
}

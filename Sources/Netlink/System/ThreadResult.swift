import Glibc

/// Holds the outcome of a body that ran on a thread of its own.
final class ThreadResult<Success: ~Copyable, Failure: Error> {
    private var outcome: Result<Success, Failure>?

    /// Runs `body` on a new thread while the caller waits.
    ///
    /// - Throws: `SystemError` when there is no thread to be had; the body's own outcome is returned.
    static func run(
        threadName: String, _ body: () throws(Failure) -> Success
    ) throws(SystemError) -> Result<Success, Failure> {
        let holder = ThreadResult()
        try withoutActuallyEscaping(body) { body throws(SystemError) in
            // What the body uses is used by one thread at a time: `join` orders all of it before what follows.
            nonisolated(unsafe) let body = body
            // And so is what receives its outcome.
            nonisolated(unsafe) let holder = holder
            let thread = try NamedThread(name: threadName) {
                do throws(Failure) { holder.outcome = .success(try body()) } catch { holder.outcome = .failure(error) }
            }
            thread.join()
        }
        guard let outcome = holder.outcome.take() else {
            throw SystemError(errno: EINVAL, operation: "thread \(threadName) without a result")
        }
        return outcome
    }
}

import Dataplane
import Synchronization
import TestSupport

extension SyncThread {
    /// Waits on this thread until everything that was submitted is in the kernel.
    func waitUntilSettled() {
        let isSettled = Flag()
        Task {
            await settled()
            isSettled.value.store(true, ordering: .releasing)
        }
        while !isSettled.value.load(ordering: .acquiring) { sleepThread(until: .now + .microseconds(50)) }
    }
}

private final class Flag: Sendable {
    let value = Atomic(false)
}

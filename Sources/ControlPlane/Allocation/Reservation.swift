import Synchronization

/// Claims that are kept for a write which is under way. They are given up with `end()` or the last reference, after the
/// store has told the allocator what was written.
package final class Reservation: Sendable {
    private let claims: Mutex<[Claim]>
    private let allocator: ServiceAllocator

    init(_ claims: [Claim], in allocator: ServiceAllocator) {
        self.claims = Mutex(claims)
        self.allocator = allocator
    }

    /// Gives the claims up; the second call does nothing.
    package func end() {
        let held = claims.withLock { claims in
            defer { claims = [] }
            return claims
        }
        if !held.isEmpty { allocator.release(held) }
    }

    deinit { end() }
}

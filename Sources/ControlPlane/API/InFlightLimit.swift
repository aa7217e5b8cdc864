import KubeAPI
import Synchronization

/// How many requests may be worked on at once, without watches (kube-apiserver's `--max-requests-inflight` and
/// `--max-mutating-requests-inflight`). Other than there it goes for administrators, too: whoever holds the only kubeconfig of
/// a node must not be able to take all its memory.
final class InFlightLimit: Sendable {
    enum Kind: String, CaseIterable {
        case readOnly
        case mutating
    }

    private let limits: (readOnly: Int, mutating: Int)
    private let readOnly = Atomic<Int>(0)
    private let mutating = Atomic<Int>(0)

    init(readOnly: Int, mutating: Int) { limits = (readOnly, mutating) }

    /// Takes a place, which `leave` gives back.
    ///
    /// - Throws: 429 TooManyRequests.
    func enter(_ kind: Kind) throws(Status) {
        let count = add(1, kind)
        guard count > (kind == .readOnly ? limits.readOnly : limits.mutating) else { return }
        leave(kind)
        throw .tooManyRequests("Too many requests, please try again later.", retryAfterSeconds: 1)
    }

    func leave(_ kind: Kind) { _ = add(-1, kind) }

    /// How many there are now.
    func count(_ kind: Kind) -> Int {
        switch kind {
        case .readOnly: readOnly.load(ordering: .relaxed)
        case .mutating: mutating.load(ordering: .relaxed)
        }
    }

    private func add(_ number: Int, _ kind: Kind) -> Int {
        switch kind {
        case .readOnly: readOnly.wrappingAdd(number, ordering: .relaxed).newValue
        case .mutating: mutating.wrappingAdd(number, ordering: .relaxed).newValue
        }
    }
}

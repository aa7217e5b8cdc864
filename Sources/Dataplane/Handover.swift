import Synchronization

/// Takes one value that cannot be copied from one thread to another.
final class Handover<Value: ~Copyable & Sendable>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: consuming Value) { self.value = Mutex(value) }

    func take() -> Value? { value.withLock { $0.take() } }
}

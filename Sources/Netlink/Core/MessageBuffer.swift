import Glibc

/// Growing memory for netlink messages. Growing large blocks moves pages, not bytes (`mremap` inside `realloc`), and
/// what is freed goes back to the system.
///
/// A class, so that an array can hold it; it has one owner, which is why nothing in here is locked.
final class MessageBuffer {
    private var memory: UnsafeMutableRawPointer?
    private(set) var count = 0
    private(set) var capacity = 0

    deinit { free(memory) }

    /// The bytes written so far; valid until the next `reserve`, `truncate` or `reset`.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    /// As `bytes`, to patch a header.
    var mutableBytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: memory, count: count) }

    /// Makes room for `room` more bytes and returns where they go; `advance(by:)` makes them count.
    @inline(__always)
    func reserve(_ room: Int) -> UnsafeMutableRawPointer {
        if let memory, capacity - count >= room { return memory + count }
        return grow(room)
    }

    @inline(__always)
    func advance(by length: Int) { count += length }

    /// Appends bytes as they are.
    func append(_ bytes: some Collection<UInt8>) {
        let room = UnsafeMutableRawBufferPointer(start: reserve(bytes.count), count: bytes.count)
        room.copyBytes(from: bytes)
        advance(by: bytes.count)
    }

    /// Forgets the bytes; memory above `limit` bytes goes back to the system.
    func reset(keeping limit: Int) {
        count = 0
        guard capacity > limit else { return }
        free(memory)
        memory = nil
        capacity = 0
    }

    private func grow(_ room: Int) -> UnsafeMutableRawPointer {
        let wanted = max(count + room, capacity * 2, 1024)
        guard let larger = realloc(memory, wanted) else { preconditionFailure("no memory for \(wanted) bytes") }
        memory = larger
        capacity = wanted
        return larger + count
    }
}

import CLinux
import Glibc

/// What happens to the files of one directory (`inotify`). Not recursive.
package struct DirectoryMonitor: ~Copyable, Sendable, Pollable {
    package enum Event: Hashable, Sendable {
        case created(String)
        /// Written to, or closed after that.
        case written(String)
        case movedIn(String)
        case movedOut(String)
        case deleted(String)
        /// Events were lost: list the directory.
        case overflow
        /// The directory itself was deleted or moved away, or its file system unmounted; nothing follows.
        case directoryGone
    }

    private let descriptor: OwnedDescriptor
    private let path: String

    /// Watches from now on. List the directory after this call, not before it.
    package init(path: String) throws(SystemError) {
        descriptor = try Self.open(path)
        self.path = path
    }

    private static func open(_ path: String) throws(SystemError) -> OwnedDescriptor {
        let descriptor = try OwnedDescriptor(
            checking: inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "inotify_init1")
        let mask =
            IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF
        guard inotify_add_watch(descriptor.rawValue, path, UInt32(mask) | UInt32(IN_ONLYDIR)) >= 0 else {
            throw .lastCall("watch of directory \(path)")
        }
        return descriptor
    }

    package var rawDescriptor: Int32 { descriptor.rawValue }

    /// Takes the events that are there, without waiting.
    package func drain() throws(SystemError) -> [Event] {
        var events: [Event] = []
        // The kernel wants room for one event with the longest name.
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while let length = try descriptor.read(into: &buffer, "events of directory \(path)"), length > 0 {
            Self.decode(buffer[..<length], into: &events)
        }
        return events
    }

    /// Waits for events; empty when the time is over.
    package func wait(timeoutMilliseconds: Int? = nil) throws(SystemError) -> [Event] {
        var poller = try Poller()
        try poller.add(self, token: 0)
        guard try !poller.wait(timeoutMilliseconds: timeoutMilliseconds).isEmpty else { return [] }
        return try drain()
    }

    static func decode(_ bytes: ArraySlice<UInt8>, into events: inout [Event]) {
        var rest = bytes
        while let header = Header(rest) {
            let nameStart = MemoryLayout<inotify_event>.size
            let length = nameStart + header.nameByteCount
            guard length <= rest.count else { return }
            let name = String(decoding: rest.prefix(length).dropFirst(nameStart).prefix { $0 != 0 }, as: UTF8.self)
            rest = rest.dropFirst(length)
            if let event = event(header.mask, name), events.last != event { events.append(event) }
        }
    }

    private static func event(_ mask: UInt32, _ name: String) -> Event? {
        func has(_ bits: Int32) -> Bool { mask & UInt32(bits) != 0 }
        if has(IN_Q_OVERFLOW) { return .overflow }
        if has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) { return .directoryGone }
        if has(IN_CREATE) { return .created(name) }
        if has(IN_MODIFY | IN_CLOSE_WRITE) { return .written(name) }
        if has(IN_MOVED_TO) { return .movedIn(name) }
        if has(IN_MOVED_FROM) { return .movedOut(name) }
        return has(IN_DELETE) ? .deleted(name) : nil
    }

    /// `inotify_event` without its name, which is why it cannot be loaded as a whole.
    private struct Header {
        let mask: UInt32
        let nameByteCount: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            guard let maskOffset = MemoryLayout<inotify_event>.offset(of: \.mask),
                let lengthOffset = MemoryLayout<inotify_event>.offset(of: \.len),
                let mask = bytes.dropFirst(maskOffset).load(UInt32.self),
                let length = bytes.dropFirst(lengthOffset).load(UInt32.self)
            else { return nil }
            self.mask = mask
            nameByteCount = Int(length)
        }
    }
}

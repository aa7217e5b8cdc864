import FoundationEssentials

/// Reads a watch as its bytes come in, in pieces of any size: one line for each change.
package struct WatchReader<Object: WireObject> {
    private var partial: [UInt8] = []

    package init() {}

    /// Takes the next bytes, and hands out every line that they complete.
    ///
    /// - Throws: `DecodeError` for a line that is no watch event at all; the watch cannot go on then.
    package mutating func read(_ bytes: RawSpan, _ line: (WatchLine<Object>) -> Void) throws(DecodeError) {
        for index in bytes.byteOffsets {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if byte != 0x0A {
                partial.append(byte)
                continue
            }
            let notification = try JSON.decode(WatchNotification<Object>.self, from: Data(partial))
            partial = []
            switch notification {
            case .change(.deleted(let object)):
                line(.deleted(ObjectName(object.metadata), resourceVersion: object.metadata.resourceVersion ?? ""))
            case .change(let event): line(.applied(event.object))
            case .bookmark(let version): line(.bookmark(resourceVersion: version, endsInitialList: false))
            case .error(let status): line(.error(status))
            }
        }
    }

    /// Whether the last line has its end: false says that the connection broke within one.
    package var isAtLineEnd: Bool { partial.isEmpty }
}

import KubeAPI

/// events.k8s.io/v1 `Event`, as it is sent.
struct EventDocument: Encodable, Sendable, Equatable {
    static let resource = Resource(
        group: "events.k8s.io", version: "v1", kind: "Event", plural: "events", isNamespaced: true)

    struct Metadata: Encodable, Sendable, Equatable {
        let name: String
        let namespace: String
    }

    /// The same event again and again.
    struct Series: Encodable, Sendable, Equatable {
        /// 2 or more.
        var count: Int
        var lastObservedTime: MicroTime
    }

    /// What is sent to change nothing but the series.
    struct SeriesPatch: Encodable, Sendable {
        let series: Series
    }

    let apiVersion = resource.apiVersion
    let kind = resource.kind
    let metadata: Metadata
    let eventTime: MicroTime
    let reportingController: String
    let reportingInstance: String
    let action: String
    let reason: String
    let regarding: KubeEvent.Regarding
    let note: String
    let type: String
    var series: Series?

    /// - Parameter serial: tells apart what happens within one microsecond.
    init(_ event: KubeEvent, at time: Timestamp, serial: Int, controller: String, instance: String) {
        metadata = Metadata(
            name: Self.name(of: event.regarding.name, at: time, serial: serial),
            // As upstream's recorder has it (client-go tools/events/event_recorder.go).
            namespace: event.regarding.namespace ?? "default")
        eventTime = MicroTime(time)
        reportingController = controller
        reportingInstance = Self.cut(instance, to: 128)
        action = Self.cut(event.action, to: 128)
        reason = Self.cut(event.reason, to: 128)
        regarding = event.regarding
        note = Self.cut(event.note, to: 1024)
        type = event.kind.rawValue
    }

    private enum CodingKeys: CodingKey {
        case apiVersion, kind, metadata, eventTime, reportingController, reportingInstance, action, reason, regarding
        case note, type, series
    }

    /// "node-1.17a9c4e1b2d3e4f5": the object's name and nanoseconds since 1970. A name that cannot begin that of an
    /// event, a DNS subdomain, is left out (client-go tools/record/util/util.go).
    private static func name(of object: String, at time: Timestamp, serial: Int) -> String {
        let nanoseconds = time.microsecondsSinceEpoch &* 1000 &+ Int64(serial % 1000)
        let suffix = String(UInt64(bitPattern: nanoseconds), radix: 16)
        let name = "\(object).\(suffix)"
        return isSubdomain(name) ? name : "event.\(suffix)"
    }

    /// RFC 1123, in lower case.
    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                label.first.map(isAlphanumeric) == true && label.last.map(isAlphanumeric) == true
                    && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The longest beginning of whole characters with at most `limit` bytes.
    private static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var kept = ""
        for character in text {
            guard kept.utf8.count + character.utf8.count <= limit else { break }
            kept.append(character)
        }
        return kept
    }
}

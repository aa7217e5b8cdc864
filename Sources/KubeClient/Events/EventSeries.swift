import KubeAPI

/// The events of the last while, so that the same one again is counted and not posted.
struct EventSeries: Sendable {
    /// What an event leads to.
    enum Step: Sendable {
        case create(EventDocument)
        /// The document has a series.
        case update(EventDocument)
        case count
    }

    private struct Recent: Sendable {
        var document: EventDocument
        var lastSeen: Duration
        var lastWritten: Duration
    }

    /// More different events than these are not kept in mind.
    private static let limit = 256

    private var recent: [KubeEvent: Recent] = [:]
    private var serial = 0

    mutating func take(
        _ event: KubeEvent, at now: Duration, time: Timestamp, _ configuration: EventPosterConfiguration
    ) -> Step {
        guard var entry = recent[event], now - entry.lastSeen < configuration.seriesWindow else {
            forget(before: now - configuration.seriesWindow)
            serial += 1
            let document = EventDocument(
                event, at: time, serial: serial, controller: configuration.reportingController,
                instance: configuration.reportingInstance)
            recent[event] = Recent(document: document, lastSeen: now, lastWritten: now)
            return .create(document)
        }
        let isFirst = entry.document.series == nil
        entry.document.series = EventDocument.Series(
            count: (entry.document.series?.count ?? 1) + 1, lastObservedTime: MicroTime(time))
        entry.lastSeen = now
        let isWritten = isFirst || now - entry.lastWritten >= configuration.seriesInterval
        if isWritten { entry.lastWritten = now }
        recent[event] = entry
        return isWritten ? .update(entry.document) : .count
    }

    private mutating func forget(before: Duration) {
        recent = recent.filter { $0.value.lastSeen > before }
        if recent.count >= Self.limit { recent = [:] }
    }
}

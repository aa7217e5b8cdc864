import Logging
import Synchronization

/// What is logged, for a test to read: "error: text".
final class LogLines: Sendable {
    private let recorded = Mutex<[String]>([])

    /// Lines from `notice` on.
    var all: [String] { recorded.withLock { $0 } }

    func makeLogger() -> Logger {
        var logger = Logger(label: "test") { _ in Handler(lines: self) }
        logger.logLevel = .notice
        return logger
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.notice
        var metadata: Logger.Metadata = [:]

        init(lines: LogLines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.recorded.withLock { $0.append("\(event.level): \(event.message)") } }
    }
}

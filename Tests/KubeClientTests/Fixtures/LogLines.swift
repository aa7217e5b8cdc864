import Logging
import Synchronization

/// A log that a test can read: "warning: text".
final class LogLines: Sendable {
    private let recorded = Mutex<[String]>([])

    var all: [String] { recorded.withLock { $0 } }

    /// What an operator reads.
    var spoken: [String] { all.filter { !$0.hasPrefix("debug") } }

    func makeLogger() -> Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .debug
        return logger
    }

    private struct Handler: LogHandler {
        let log: LogLines
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        init(log: LogLines) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.recorded.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }
}

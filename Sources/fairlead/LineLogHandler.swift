import FoundationEssentials
import KubeAPI
import Logging
import Netlink

/// Writes a line a message to standard error, as text or as JSON.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    let format: LogFormat

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }
        switch format {
        case .text: StandardError.write(text(event, metadata))
        case .json: StandardError.write(json(event, metadata))
        }
    }

    private func text(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
        let values = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        return "\(Timestamp.now.microsecondText) \(event.level) \(event.message)\(values)"
    }

    private func json(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
        let line = JSONLine(
            time: Timestamp.now.microsecondText, level: event.level.rawValue, message: "\(event.message)",
            metadata: metadata.isEmpty ? nil : metadata.mapValues(JSONLine.Value.init))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(line) else { return #"{"level":"error","message":"unprintable line"}"# }
        return String(decoding: data, as: UTF8.self)
    }
}

/// A line of the JSON log. Whole numbers stay numbers, so that they can be compared and summed.
private struct JSONLine: Encodable {
    enum Value: Encodable {
        case number(Int)
        case text(String)

        init(_ value: Logger.Metadata.Value) {
            let text = "\(value)"
            self = Int(text).map(Value.number) ?? .text(text)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    let time: String
    let level: String
    let message: String
    let metadata: [String: Value]?
}

import FoundationEssentials

/// All of one run: its figures, what they were measured on, and the command that gave them.
package struct Report: Codable, Sendable {
    /// Grows when a field changes its meaning.
    package static let currentSchema = 1

    package let schema: Int
    package var command: [String]
    /// ISO 8601, UTC.
    package var date: String
    package var machine: MachineFacts
    package var measurements: [Measurement] = []

    /// - Parameter command: of absolute paths the last name alone is kept: the folders are one machine's.
    package init(command: [String], machine: MachineFacts = .read()) {
        schema = Self.currentSchema
        self.command = command.map(Self.withoutFolders)
        date = Date.now.formatted(.iso8601)
        self.machine = machine
    }

    /// Words may hold several, as "name=/folder/program --option".
    private static func withoutFolders(_ word: String) -> String {
        word.split(separator: " ", omittingEmptySubsequences: false).map { part -> String in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let path = sides.last, path.hasPrefix("/"), let name = path.split(separator: "/").last else {
                return String(part)
            }
            return (sides.dropLast() + [name]).joined(separator: "=")
        }.joined(separator: " ")
    }

    /// - Throws: `BenchmarkError` where there is no figure, or one of nothing.
    package mutating func add(_ measurement: Measurement) throws(BenchmarkError) {
        try measurement.check()
        measurements.append(measurement)
    }

    /// JSON with sorted keys.
    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// - Throws: `BenchmarkError` where the text is none of this schema.
    package init(json: Data) throws(BenchmarkError) {
        struct Version: Decodable { var schema: Int }
        do {
            let schema = try JSONDecoder().decode(Version.self, from: json).schema
            guard schema == Self.currentSchema else {
                throw BenchmarkError(description: "a report of schema \(schema), not \(Self.currentSchema)")
            }
            self = try JSONDecoder().decode(Report.self, from: json)
        } catch let error as BenchmarkError {
            throw error
        } catch {
            throw BenchmarkError(description: "no report: \(error)")
        }
    }

    /// In the order in which they came first.
    package var scenarios: [String] { Self.unique(measurements.map(\.scenario)) }

    static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return values.filter { seen.insert($0).inserted }
    }
}

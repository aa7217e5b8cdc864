import BenchReport

/// Figures of several passes, put together by subject and quantity: each pass is a round.
final class FigureCollector {
    private struct Key: Hashable {
        let scenario: String
        let quantity: String
        let subject: String
    }

    private struct Entry {
        let unit: Measurement.Unit
        let includes: String
        let goal: Measurement.Goal?
        var numbers: [Double] = []
        var histograms: [Histogram] = []
        var timeline: [Measurement.Point] = []
        var reason: String?
    }

    private let size: WorkloadSize?
    private var order: [Key] = []
    private var entries: [Key: Entry] = [:]

    init(size: WorkloadSize?) { self.size = size }

    /// What is added to: a quantity of a scenario.
    struct Quantity {
        let scenario: String
        let name: String
        let unit: Measurement.Unit
        let includes: String
        var goal: Measurement.Goal?

        init(
            _ scenario: String, _ name: String, in unit: Measurement.Unit, includes: String,
            goal: Measurement.Goal? = nil
        ) {
            (self.scenario, self.name, self.unit, self.includes, self.goal) = (scenario, name, unit, includes, goal)
        }
    }

    func add(_ quantity: Quantity, _ subject: String, _ number: Double) {
        change(quantity, subject) { $0.numbers.append(number) }
    }

    func add(_ quantity: Quantity, _ subject: String, _ histogram: Histogram) {
        change(quantity, subject) { $0.histograms.append(histogram) }
    }

    func add(_ quantity: Quantity, _ subject: String, _ points: [Measurement.Point]) {
        change(quantity, subject) { if $0.timeline.isEmpty { $0.timeline = points } }
    }

    /// It cannot be measured; that holds for all rounds.
    func lack(_ quantity: Quantity, _ subject: String, reason: String) {
        change(quantity, subject) { $0.reason = reason }
    }

    func isLacking(_ quantity: Quantity, _ subject: String) -> Bool {
        entries[Key(scenario: quantity.scenario, quantity: quantity.name, subject: subject)]?.reason != nil
    }

    private func change(_ quantity: Quantity, _ subject: String, _ body: (inout Entry) -> Void) {
        let key = Key(scenario: quantity.scenario, quantity: quantity.name, subject: subject)
        if entries[key] == nil {
            order.append(key)
            entries[key] = Entry(unit: quantity.unit, includes: quantity.includes, goal: quantity.goal)
        }
        if var entry = entries[key] {
            body(&entry)
            entries[key] = entry
        }
    }

    /// In the order in which they came first.
    var measurements: [Measurement] {
        order.compactMap { key in
            guard let entry = entries[key] else { return nil }
            let value: Measurement.Value =
                if let reason = entry.reason {
                    .absent(reason: reason)
                } else if !entry.histograms.isEmpty {
                    .latencies(entry.histograms)
                } else if !entry.timeline.isEmpty {
                    .timeline(entry.timeline)
                } else {
                    .rounds(entry.numbers)
                }
            return Measurement(
                key.scenario, size: size, key.quantity, in: entry.unit, of: key.subject, value,
                includes: entry.includes, goal: entry.goal)
        }
    }
}

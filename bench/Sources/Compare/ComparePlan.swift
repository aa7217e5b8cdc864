import ArgumentParser

/// How often, how fast and how long.
struct ComparePlan: ParsableArguments {
    @Option(help: "Passes of each subject; they alternate.")
    var rounds = 3

    @Option(help: "Single changes of a pass, after a tenth of them that does not count.")
    var changes = 100

    @Option(help: "Changes of a pass whose first packet is waited for.")
    var flips = 30

    @Option(help: "Services that come and go, of a pass.")
    var guests = 10

    @Option(help: "Pods of the Deployment that rolls.")
    var burst = 500

    @Option(help: "Changes a second of a churn.")
    var rate = 50

    @Option(help: "Seconds of a churn.")
    var churnSeconds = 8

    @Option(help: "Seconds that a start, a restart or the end of a burst may take.")
    var waitSeconds = 120

    @Option(help: "New connections through each frontend, of a pass.")
    var connections = 5_000

    @Option(help: "Megabytes over an established connection, of a pass.")
    var megabytes = 2_000

    @Option(help: "Seconds that a repair may take.")
    var repairSeconds = 15

    func validate() throws {
        let bounds: [(String, Int, ClosedRange<Int>)] = [
            ("rounds", rounds, 1...100), ("changes", changes, 10...100_000), ("flips", flips, 1...10_000),
            ("guests", guests, 1...1000), ("burst", burst, 100...1000), ("rate", rate, 1...5000),
            ("churn-seconds", churnSeconds, 1...3600), ("wait-seconds", waitSeconds, 1...3600),
            ("connections", connections, 100...50_000),
            ("megabytes", megabytes, 1...100_000), ("repair-seconds", repairSeconds, 1...7200),
        ]
        for (name, value, range) in bounds where !range.contains(value) {
            throw ValidationError("--\(name) is \(value), not in \(range.lowerBound)…\(range.upperBound)")
        }
    }
}

/// What is measured of each subject, in this order, after its start.
enum CompareScenario: String, CaseIterable, ExpressibleByArgument {
    case coldStart = "cold-start"
    case endpointChange = "endpoint-change"
    case serviceAddDelete = "service-add-delete"
    case burst, churn
    case dataPath = "data-path"
    case restart
    case repair = "repair-after-flush"
}

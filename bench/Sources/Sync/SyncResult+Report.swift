import BenchReport

extension SyncResult {
    /// As a report has them: each a full write of the same state into an empty namespace, beside what the kernel alone takes for it.
    var measurements: [Measurement] {
        let size = WorkloadSize(services: services, endpoints: endpoints)
        func full(_ subject: String, _ rounds: [Double], _ includes: String) -> Measurement {
            Measurement(
                "full-sync", size: size, "full sync", in: .milliseconds, of: subject,
                .rounds(rounds), includes: includes)
        }
        func single(
            _ quantity: String, _ unit: Measurement.Unit, _ value: Measurement.Value, _ includes: String
        ) -> Measurement {
            Measurement(
                "in-process", size: size, quantity, in: unit, of: "fairlead", value, includes: includes)
        }
        let note =
            "'\(Self.floorName)': the transaction of \(fullElements) elements and \(fullBytes) bytes, encoded before and sent; "
            + "'back end': from the desired state to the acknowledgement; 'from events': from the first event; in one process, in turn"
        return [
            full(Self.floorName, floorRounds, note), full("fairlead's back end", backEndRounds, note),
            full("fairlead from events", eventRounds, note),
            single(
                "event to acknowledgement", .microseconds, .latencies([changeHistogram]),
                "one endpoint of one Service, from submitting the EndpointSlice in the process, one at a time"),
            single(
                "the kernel's part of it", .microseconds, .latencies([kernelHistogram]),
                "the call that sends the transaction, in which the kernel works it off"),
            single(
                "bytes sent for a change", .bytes, .rounds([changeBytes]), "to the kernel, on average"),
            single(
                "elements sent for a change", .count, .rounds([changeElements]), "added and removed, on average"),
            single(
                "burst of \(changes) changes", .milliseconds, .rounds([burstMilliseconds]),
                "submitted at once, until the last is acknowledged; \(burstCommits) commits"),
            single(
                "restart over the table", .milliseconds, .rounds([restartMilliseconds]),
                "a second proxy from its first event to the acknowledgement, in one transaction"),
            single(
                "resident memory", .megabytes, .rounds([residentMegabytes]), "of the process, with the core's store"),
        ]
    }

    private static let floorName = "kernel's floor"
}

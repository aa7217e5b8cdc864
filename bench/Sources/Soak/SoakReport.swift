/// What a soak came to, as `--json` prints it.
struct SoakReport: Encodable {
    let changes: Int
    let seconds: Double
    let changesPerSecond: Int
    let kills: Int
    let heldConnections: Int
    let requestsOnThem: Int
    let newConnections: Int
    /// At most 20 of each: held connections that did not get the answer of their server, and new ones without an answer.
    let cutConnections: [String]
    let lostConnections: [String]
    let lostSYNs: Int
    /// "-" for what lacks in the kernel, "+" for what it has too much, against a full sync from empty.
    let differences: [String]

    var isClean: Bool { cutConnections.isEmpty && lostConnections.isEmpty && differences.isEmpty }

    var text: String {
        var lines = [
            "\(changes) changes in \(seconds) s (\(changesPerSecond)/s), the daemon killed \(kills) times",
            "  \(heldConnections) connections held, \(requestsOnThem) requests on them: \(cutConnections.count) cut",
            "  \(newConnections) new connections: \(lostConnections.count) not answered, \(lostSYNs) SYNs sent again",
            "  kernel against a full sync from empty: \(differences.count) differences",
        ]
        for line in (cutConnections + lostConnections + differences).prefix(40) { lines.append("    \(line)") }
        lines.append(isClean ? "nothing was lost" : "SOMETHING WAS LOST")
        return lines.joined(separator: "\n")
    }
}

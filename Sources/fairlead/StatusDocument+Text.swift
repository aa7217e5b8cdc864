extension StatusDocument {
    /// For people: the first line says whether all is well.
    var text: String {
        let label =
            switch state {
            case .ok: "OK"
            case .degraded: "DEGRADED"
            case .failing: "FAILING"
            case .starting: "STARTING"
            }
        var lines = ["\(label): \(summary)", ""]
        var facts: [(String, String)] = [
            ("Daemon", "fairlead \(daemon.version), process \(daemon.processID), since \(daemon.startedAt)"),
            ("Node", "\(daemon.nodeName), \(families.joined(separator: " and "))"),
            (
                "Programmed",
                "\(counts.services) Services, \(counts.servicePorts) service ports, \(counts.endpoints) endpoints"
            ),
            ("Commits", "\(commits.count), \(commits.full) of them of everything; \(commits.failures) failures"),
        ]
        if let commit = lastCommit {
            facts.append(
                (
                    "Last commit",
                    "\(Self.ago(commit.secondsAgo)), \(commit.full ? "of everything: " : "")\(commit.elements) elements "
                        + "in \(commit.microseconds) µs"
                ))
        }
        if let failure = lastFailure {
            let port = failure.servicePort.map { "\($0): " } ?? ""
            facts.append(("Last failure", "\(Self.ago(failure.secondsAgo)): \(port)\(failure.message)"))
        }
        facts.append(
            ("Repairs", repairs.last.map { "\(repairs.count), last at \(repairs.lastAt ?? ""): \($0)" } ?? "0"))
        facts.append(("NodePorts at", Self.list(nodePortAddresses)))
        facts.append(("Pod networks", Self.list(podNetworks)))
        facts.append(("Service CIDRs", Self.list(serviceCIDRs)))
        facts.append(
            (
                "Configuration",
                "\(configuration.mode), pods by \(configuration.detector), masquerade "
                    + "\(configuration.masqueradeAll ? "all" : "where needed") with mark \(configuration.masqueradeMark)"
            ))
        let width = facts.map(\.0.count).max() ?? 0
        lines += facts.map { "\($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)" }
        lines += Self.section("Set aside, because the kernel refused them:", setAside)
        lines += Self.section("Problems of objects:", problems.map { "\($0.object): \($0.message)" })
        return lines.joined(separator: "\n")
    }

    private static func section(_ title: String, _ entries: [String]) -> [String] {
        entries.isEmpty ? [] : ["", title] + entries.map { "  \($0)" }
    }

    private static func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }

    private static func ago(_ seconds: Double) -> String {
        let whole = Int(seconds)
        return switch whole {
        case ..<1: "just now"
        case ..<120: "\(whole) s ago"
        case ..<7200: "\(whole / 60) min ago"
        case ..<172_800: "\(whole / 3600) h ago"
        default: "\(whole / 86_400) days ago"
        }
    }
}

extension ExplainDocument {
    /// For people: what becomes of it, why, by which rules, and whether the kernel has them.
    var text: String {
        var lines = [headline]
        lines += reasons.map { "  \($0)" }
        if let affinity {
            lines.append(
                "  The client has \(affinity.endpoint) by session affinity, until \(affinity.timeoutSeconds) s after its last "
                    + "new connection.")
        }
        if verdict == "sent" {
            lines += ["", candidates.count == 1 ? "Endpoint:" : "Endpoints, with their shares of new connections:"]
            lines += candidateLines
        }
        lines += ["", steps.isEmpty ? "No rule applies." : "Rules that apply:"]
        lines += stepLines
        if candidates.count > 1 { lines.append("  and alike for the other endpoints") }
        lines += [""] + kernelLines
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        let connection = "\(`protocol`) from \(from) to \(to)"
        let target = service.map { "\($0)\(frontendText)" }
        let end =
            switch verdict {
            case "sent":
                "goes to \(candidates.count == 1 ? "the endpoint" : "one of \(candidates.count) endpoints") of \(target ?? "a Service")"
            case "refused": "is refused\(target.map { ": \($0)" } ?? "")"
            case "dropped": "is dropped\(target.map { ": \($0)" } ?? "")"
            case "leftAlone": "is not for a Service: left alone"
            default: "is not known"
            }
        let rule = decidedBy.map { " (\($0.chain)\($0.comment.map { ": \($0)" } ?? ""))" } ?? ""
        return "\(connection) \(end)\(verdict == "sent" ? "" : rule)"
    }

    private var frontendText: String {
        switch frontend {
        case "clusterIP": ", ClusterIP"
        case "externalAddress": ", load balancer address or external IP"
        case "nodePort": ", NodePort"
        default: ""
        }
    }

    private var candidateLines: [String] {
        let width = candidates.map(\.destination.count).max() ?? 0
        return candidates.map { candidate in
            let space = String(repeating: " ", count: width - candidate.destination.count)
            // Tenths of a percent, without Foundation's formats.
            let tenths = Int((candidate.share * 1000).rounded())
            let share = "\(tenths / 10).\(tenths % 10) %"
            let padding = String(repeating: " ", count: max(0, 7 - share.count))
            return "  \(candidate.destination)\(space)  \(padding)\(share)  "
                + (candidate.masqueraded ? "masqueraded: sees this node's address" : "sees the client's address")
        }
    }

    private var stepLines: [String] {
        let width = steps.map(\.chain.count).max() ?? 0
        return steps.map { step in
            let space = String(repeating: " ", count: width - step.chain.count)
            let rule = (step.conditions + step.actions).joined(separator: " ")
            return "  \(step.chain)\(space)  \(rule)\(step.comment.map { "  # \($0)" } ?? "")"
        }
    }

    private var kernelLines: [String] {
        let asked = "\(kernel.lookups) look-ups, \(kernel.chains) chains"
        if kernel.differences.isEmpty { return ["The kernel has all of it (\(asked))."] }
        return ["THE KERNEL DIFFERS (\(asked)):"] + kernel.differences.map { "  \($0)" }
    }
}

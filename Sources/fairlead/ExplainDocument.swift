import Dataplane
import Net

/// What `fairlead explain` shows. The names of its properties are the keys of `--json`.
struct ExplainDocument: Codable, Sendable {
    struct Rule: Codable, Sendable {
        let chain: String
        let comment: String?
    }

    struct Step: Codable, Sendable {
        let chain: String
        /// Why the rule is there.
        let comment: String?
        /// What it asks of a packet, as nft writes it.
        let conditions: [String]
        /// What it does.
        let actions: [String]
    }

    struct Candidate: Codable, Sendable {
        /// An endpoint; where it is left alone, the destination itself.
        let destination: String
        /// Of new connections, 0 to 1.
        let share: Double
        let masqueraded: Bool
    }

    struct Affinity: Codable, Sendable {
        let endpoint: String
        /// After the client's last new connection.
        let timeoutSeconds: UInt32
    }

    struct Kernel: Codable, Sendable {
        let lookups: Int
        let chains: Int
        let differences: [String]
    }

    let from: String
    let to: String
    let `protocol`: String
    let interface: String?
    /// The source is an address of this node.
    let fromThisNode: Bool
    /// "sent", "refused", "dropped", "leftAlone" or "unknown".
    let verdict: String
    /// "default/web"; null where the destination is no Service's.
    let service: String?
    let servicePort: String?
    /// "clusterIP", "externalAddress" or "nodePort".
    let frontend: String?
    /// The rule that decides; null where none does.
    let decidedBy: Rule?
    let reasons: [String]
    let candidates: [Candidate]
    let affinity: Affinity?
    /// The rules that apply, up to the verdict, for the likeliest candidate.
    let steps: [Step]
    /// What the kernel was asked, and where it has other than what is intended.
    let kernel: Kernel
}

extension ExplainDocument {
    init(_ explanation: Explanation) {
        let question = explanation.question
        from = question.source.description
        to = Endpoint(address: question.destination, port: question.port).description
        `protocol` = "\(question.protocol)"
        interface = question.interface
        fromThisNode = explanation.origin == .localProcess
        verdict = explanation.verdict.rawValue
        service = explanation.servicePort?.serviceText
        servicePort = explanation.servicePort?.description
        frontend = explanation.role?.rawValue
        decidedBy = explanation.decision.map { Rule(chain: $0.chain, comment: $0.comment) }
        reasons = explanation.reasons
        let outcomes = explanation.trace.outcomes
        candidates =
            explanation.verdict == .sent || explanation.verdict == .leftAlone
            ? outcomes.map {
                Candidate(
                    destination: $0.destination.description, share: $0.share, masqueraded: $0.isMasqueraded)
            } : []
        affinity = explanation.affinity.map {
            Affinity(endpoint: $0.endpoint.description, timeoutSeconds: $0.timeoutSeconds)
        }
        steps = (outcomes.first?.steps ?? []).map {
            Step(chain: $0.chain, comment: $0.comment, conditions: $0.conditions, actions: $0.actions)
        }
        kernel = Kernel(
            lookups: explanation.trace.lookups.count, chains: explanation.trace.chains.count,
            differences: explanation.differences)
    }
}

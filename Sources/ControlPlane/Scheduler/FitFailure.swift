/// Why a Pod fits on no node, worded as upstream words it (pkg/scheduler/framework `FitError`).
struct FitFailure: Sendable, Equatable {
    /// What kept the Pod off a node: which changes may help.
    struct Causes: OptionSet, Sendable {
        let rawValue: Int
        /// What the Node says of itself: labels, taints.
        static let node = Causes(rawValue: 1)
        /// Resources and ports that other Pods take.
        static let room = Causes(rawValue: 2)
        /// Where other Pods are.
        static let others = Causes(rawValue: 4)
    }

    /// Why one node does not do.
    struct Reason: Sendable, Equatable {
        let texts: [String]
        let cause: Causes
        /// Whether it might do without the Pods that are there.
        let isHelpedByPreemption: Bool

        init(_ texts: String..., cause: Causes, isHelpedByPreemption: Bool = false) {
            self.init(texts, cause: cause, isHelpedByPreemption: isHelpedByPreemption)
        }

        init(_ texts: [String], cause: Causes, isHelpedByPreemption: Bool) {
            self.texts = texts
            self.cause = cause
            self.isHelpedByPreemption = isHelpedByPreemption
        }
    }

    private(set) var nodes = 0
    private(set) var causes: Causes = []
    private var texts: [String: Int] = [:]
    private var helped = 0

    mutating func add(_ reason: Reason) {
        nodes += 1
        causes.formUnion(reason.cause)
        for text in reason.texts { texts[text, default: 0] += 1 }
        if reason.isHelpedByPreemption { helped += 1 }
    }

    /// - Parameter neverPreempts: the Pod's `preemptionPolicy` is `Never`.
    ///
    /// Preemption is not done here: the text says of each node what upstream says where no Pod has a lower priority.
    func message(neverPreempts: Bool) -> String {
        if nodes == 0 { return "no nodes available to schedule pods" }
        let preemption: String
        if neverPreempts {
            preemption = "not eligible due to preemptionPolicy=Never."
        } else {
            var parts: [String] = []
            if helped > 0 { parts.append("\(helped) No preemption victims found for incoming pod") }
            if helped < nodes { parts.append("\(nodes - helped) Preemption is not helpful for scheduling") }
            preemption = "0/\(nodes) nodes are available: \(parts.sorted().joined(separator: ", "))."
        }
        let reasons = texts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
        return "0/\(nodes) nodes are available: \(reasons). preemption: \(preemption)"
    }
}

import BenchReport

/// What is measured beside others: a command that keeps the kernel as the API server says.
struct Subject: Sendable, Hashable {
    /// Whose name the table in the kernel has, so that news of it can be counted.
    enum Table: String, Sendable {
        case fairlead
        case kubeProxy = "kube-proxy"
        /// Of kube-proxy's iptables mode: most of its rules are there.
        case nat
    }

    let name: String
    /// Words with placeholders.
    private let template: [String]

    /// - Throws: `BenchmarkError` where the text is not `name=command`.
    init(parsing text: String) throws(BenchmarkError) {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw BenchmarkError(description: "'\(text)' is not name=command")
        }
        let words = parts[1].split(separator: " ").map(String.init)
        guard !words.isEmpty else { throw BenchmarkError(description: "'\(text)' has no command") }
        self.init(name: String(parts[0]), template: words)
    }

    private init(name: String, template: [String]) {
        self.name = name
        self.template = template
    }

    static func fairlead(_ program: String, name: String = Report.ownSubject) -> Subject {
        Subject(
            name: name,
            template: [
                program, "proxy", "--kubeconfig", "{kubeconfig}", "--hostname-override", "{node}", "--proxy-mode",
                "nftables",
                "--cluster-cidr", "{cluster-cidr}", "--conntrack-max-per-core", "0", "--conntrack-min", "0",
                "--oom-score-adj", "0",
            ])
    }

    /// The command for one node; an unknown placeholder is an error.
    func command(_ values: [String: String]) throws(BenchmarkError) -> [String] {
        var words: [String] = []
        for word in template {
            var word = word
            for (name, value) in values {
                word = word.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
            }
            if let mark = word.firstIndex(of: "{"), word[mark...].contains("}") {
                let known = values.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
                throw BenchmarkError(description: "\(name): unknown placeholder in '\(word)'; there are \(known)")
            }
            words.append(word)
        }
        return words
    }

    var table: Table {
        if template.contains(where: { $0.contains("{config-iptables}") }) { return .nat }
        return template.contains { $0.contains("{config}") } ? .kubeProxy : .fairlead
    }
}

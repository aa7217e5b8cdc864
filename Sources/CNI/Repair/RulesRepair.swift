import Net
import Netlink

/// Brings back what others have taken away of the rules of pods that live: whose they are say the links, what they were the runtime's cache.
package struct RulesRepair {
    /// What became of one attachment.
    package struct Outcome: Hashable, Sendable {
        package let attachment: Attachment
        /// What was missing or changed.
        package let damage: String
        /// Why it could not be brought back; nil when it was.
        package let failure: String?
    }

    /// Where libcni keeps what it has added, unless a runtime says otherwise.
    package static let defaultFolder = "/var/lib/cni/results"

    private let folder: String
    /// A pod has 1 MiB of capabilities at most, and the list comes with each.
    private static let limitBytes = 8 << 20

    package init(folder: String = defaultFolder) { self.folder = folder }

    /// Looks at each attachment that has a link, and writes what it lacks.
    ///
    /// - Parameters:
    ///   - exceptions: What is known to be right.
    ///   - isDryRun: Only looks.
    /// - Returns: Those that lacked something. An attachment that the runtime keeps nothing of is left as it is.
    package func run(except exceptions: [Attachment] = [], isDryRun: Bool = false) throws(CNIError) -> [Outcome] {
        let living = try Self.attachmentsWithLinks().subtracting(exceptions)
        guard !living.isEmpty else { return [] }
        var outcomes: [Outcome] = []
        for name in try names() {
            guard let cached = read(name), living.contains(cached.attachment) else { continue }
            for call in cached.calls {
                if let outcome = Self.repair(call, isDryRun: isDryRun) { outcomes.append(outcome) }
            }
        }
        return outcomes
    }

    /// Whether an attachment of that network has a link.
    static func hasAttachments(of network: String) throws(CNIError) -> Bool {
        try attachmentsWithLinks().contains { $0.network == network }
    }

    private static func attachmentsWithLinks() throws(CNIError) -> Set<Attachment> {
        let links = try Kernel.ask { () throws(NetlinkError) in
            var socket = try RouteSocket()
            return try socket.links(acceptsTorn: true)
        }
        return Set(links.filter { $0.kind == "veth" }.compactMap { $0.alias.flatMap(Attachment.init(linkAlias:)) })
    }

    private func names() throws(CNIError) -> [String] {
        do throws(SystemError) { return try Directory.open(folder)?.names().sorted() ?? [] } catch {
            throw CNIError(.ioFailure, "what the runtime keeps of its pods: \(error)")
        }
    }

    /// Nil also for a file that is damaged, or has just been removed: the others count.
    private func read(_ name: String) -> CachedAttachment? {
        guard let content = try? FileContents.read("\(folder)/\(name)", limitBytes: Self.limitBytes) else { return nil }
        return try? CachedAttachment(content)
    }

    /// Nil where nothing was missing.
    private static func repair(_ call: PluginCall, isDryRun: Bool) -> Outcome? {
        do throws(CNIError) {
            let pod = try PodConfiguration(call)
            let addresses = try call.previousResult?.addresses(ofInterface: call.environment.interfaceName) ?? []
            guard let rules = call.rules(of: pod, addresses) else { return nil }
            let damage: CNIError
            do throws(CNIError) {
                try rules.check()
                return nil
            } catch { damage = error }
            do throws(CNIError) { if !isDryRun { try rules.add() } } catch {
                return Outcome(attachment: call.attachment, damage: damage.description, failure: error.description)
            }
            return Outcome(attachment: call.attachment, damage: damage.description, failure: nil)
        } catch {
            return Outcome(
                attachment: call.attachment, damage: "its configuration cannot be read", failure: error.description)
        }
    }
}

extension PluginCall {
    /// `resultsDir`, a member of ours: where the runtime keeps what it has added.
    var rulesRepair: RulesRepair {
        RulesRepair(folder: (try? configuration.text("resultsDir")) ?? RulesRepair.defaultFolder)
    }

    /// Brings back the rules of all pods when the tables are not as they were written although there are pods whose rules they should
    /// have.
    func repairRules(_ pod: PodConfiguration) throws(CNIError) {
        guard pod.masquerades, try RulesRepair.hasAttachments(of: network) else { return }
        var tables = try PodTables()
        guard try !tables.areAsWritten(pod.families) else { return }
        _ = try rulesRepair.run()
    }
}

extension PodConfiguration {
    /// Of the addresses that pods get; none where another plugin gives them.
    fileprivate var families: [IPFamily] {
        guard case .store(let configuration)? = addressSource else { return [] }
        return IPFamily.allCases.filter { family in
            configuration.ranges.contains { $0.first?.subnet.family == family }
        }
    }
}

import Net
import Netlink

/// Interprets a table's rules for one packet, as the kernel would. Where the kernel draws a number all of them are
/// followed, each with its share, so that the result is every possible outcome.
struct PacketExplorer {
    /// One of the ways that the packet may take.
    struct Way: Hashable {
        var packet: TracedPacket
        var isTranslated = false
        var isMasqueraded = false
        var steps: [TraceStep] = []
        /// Of the rule under way.
        var registers = [UInt8](repeating: 0, count: 64)
        /// What each register was loaded with, by its offset.
        var labels: [Int: String] = [:]
    }

    enum Outcome: Hashable { case goOn, accept, drop, reject, `return`, unknown(String) }

    typealias Weighted = (way: Way, share: Double)
    typealias Ended = (outcome: Outcome, way: Way, share: Double)

    let table: RecordedTable
    let family: IPFamily
    let localAddresses: Set<IPAddress>
    /// A number below the given one, where a single way is asked for; nil for all ways.
    let random: ((UInt32) -> UInt32)?
    private(set) var lookups: [TracedLookup] = []
    private var knownLookups: Set<TracedLookup> = []
    private(set) var chains: [String] = []

    init(
        table: RecordedTable, family: IPFamily, localAddresses: Set<IPAddress>, random: ((UInt32) -> UInt32)? = nil
    ) {
        self.table = table
        self.family = family
        self.localAddresses = localAddresses
        self.random = random
    }

    mutating func run(_ packet: TracedPacket, _ origin: PacketTracer.Origin) -> PacketTrace {
        var ways: [Weighted] = [(Way(packet: packet), 1)]
        var outcomes: [TracedOutcome] = []
        var next: [(hook: NFTBaseChain.Hook, ways: [Weighted])] = [(origin == .outside ? .prerouting : .output, ways)]
        while let (hook, entering) = next.popLast() {
            ways = pass(hook, entering, &outcomes)
            switch hook {
            case .prerouting:
                let local = ways.filter { localAddresses.contains($0.way.packet.destination) }
                let others = ways.filter { !localAddresses.contains($0.way.packet.destination) }
                if !local.isEmpty { next.append((.input, local)) }
                if !others.isEmpty { next.append((.forward, others)) }
            case .output, .forward: next.append((.postrouting, ways))
            case .input, .postrouting:
                for (way, share) in ways { outcomes.append(outcome(.accept, way, share)) }
            }
        }
        return PacketTrace(outcomes: Self.merged(outcomes), lookups: lookups, chains: chains)
    }

    /// Passes all base chains of a hook; what is dropped or rejected there goes into `outcomes`.
    private mutating func pass(
        _ hook: NFTBaseChain.Hook, _ entering: [Weighted], _ outcomes: inout [TracedOutcome]
    ) -> [Weighted] {
        var ways = entering
        let base = table.chains.values.filter { $0.base?.hook == hook }
            .sorted { ($0.base?.priority ?? 0, $0.name) < ($1.base?.priority ?? 0, $1.name) }
        for chain in base {
            var passed: [Weighted] = []
            for (ended, way, share) in evaluate(chain: chain.name, ways) {
                switch ended {
                case .drop, .reject, .unknown: outcomes.append(outcome(ended, way, share))
                case .goOn, .accept, .return: passed.append((way, share))
                }
            }
            ways = Self.merged(passed, sameSteps: false)
        }
        return ways
    }

    private func outcome(_ outcome: Outcome, _ way: Way, _ share: Double) -> TracedOutcome {
        let destination = Endpoint(address: way.packet.destination, port: way.packet.destinationPort)
        let verdict: TracedVerdict =
            switch outcome {
            case .drop: .dropped
            case .reject: .rejected
            case .unknown(let why): .unknown(why)
            case .goOn, .accept, .return:
                .sent(to: "\(destination)", masqueraded: way.isMasqueraded, mark: way.packet.mark)
            }
        return TracedOutcome(
            verdict: verdict, destination: destination, isTranslated: way.isTranslated,
            isMasqueraded: way.isMasqueraded, share: share, steps: way.steps)
    }

    /// All ways through a chain; those that come to its end go on.
    mutating func evaluate(chain: String, _ entering: [Weighted]) -> [Ended] {
        if !chains.contains(chain) { chains.append(chain) }
        var ways = entering
        var ended: [Ended] = []
        for rule in table.rules[chain] ?? [] where !ways.isEmpty {
            var next: [Weighted] = []
            for (way, share) in ways {
                for result in evaluate(rule, way, share) {
                    if result.outcome == .goOn {
                        next.append((result.way, result.share))
                    } else {
                        ended.append(result)
                    }
                }
            }
            ways = Self.merged(next, sameSteps: true)
        }
        return ended + ways.map { (.goOn, $0.way, $0.share) }
    }

    private mutating func evaluate(_ rule: NFTRule, _ way: Way, _ share: Double) -> [Ended] {
        var start = way
        start.registers = [UInt8](repeating: 0, count: 64)
        start.labels = [:]
        start.steps.append(TraceStep(chain: rule.chain, comment: rule.comment))
        var ended: [Ended] = []
        var open: [Weighted] = [(start, share)]
        for expression in rule.expressions where !open.isEmpty {
            var next: [Weighted] = []
            for (way, share) in open {
                for result in apply(expression, way, share) {
                    switch result.outcome {
                    case .next: next.append((result.way, result.share))
                    // A rule that does not apply is no step.
                    case .miss: ended.append((.goOn, result.way.withoutStep, result.share))
                    case .ends(let outcome): ended.append((outcome, result.way, result.share))
                    }
                }
            }
            open = next
        }
        return ended + open.map { (.goOn, $0.way, $0.share) }
    }

    mutating func record(_ lookup: TracedLookup) {
        if knownLookups.insert(lookup).inserted { lookups.append(lookup) }
    }

    /// Ways that differ in nothing that matters from here on become one.
    private static func merged(_ ways: [Weighted], sameSteps: Bool) -> [Weighted] {
        var places: [Way: Int] = [:]
        var merged: [Weighted] = []
        for (way, share) in ways {
            var key = way
            key.registers = []
            key.labels = [:]
            if !sameSteps { key.steps = [] }
            if let place = places[key] {
                merged[place].share += share
            } else {
                places[key] = merged.count
                merged.append((way, share))
            }
        }
        return merged
    }

    private static func merged(_ outcomes: [TracedOutcome]) -> [TracedOutcome] {
        var places: [TracedVerdict: Int] = [:]
        var merged: [TracedOutcome] = []
        for outcome in outcomes {
            if let place = places[outcome.verdict] {
                merged[place].share += outcome.share
            } else {
                places[outcome.verdict] = merged.count
                merged.append(outcome)
            }
        }
        return merged.sorted { left, right in
            // Shares are sums of fractions, equal but for rounding.
            abs(left.share - right.share) < 1e-9 ? left.destination < right.destination : left.share > right.share
        }
    }
}

extension PacketExplorer.Way {
    fileprivate var withoutStep: Self {
        var way = self
        way.steps.removeLast()
        return way
    }
}

import Dataplane
import FoundationEssentials
import KubeAPI
import Net
import Proxy

/// What `fairlead status` shows. The names of its properties are the keys of `--json`.
struct StatusDocument: Codable, Sendable {
    enum State: String, Codable, Sendable {
        case ok
        /// What works works, and some of it does not.
        case degraded
        /// The kernel does not take changes.
        case failing
        /// Not everything has been heard of yet.
        case starting
    }

    /// Which daemon it is.
    struct Identity: Codable, Sendable {
        let version: String
        let nodeName: String
        let processID: Int32
        let startedAt: String
    }

    struct Counts: Codable, Sendable {
        var services = 0
        var servicePorts = 0
        var endpoints = 0
    }

    struct Commits: Codable, Sendable {
        let count: UInt64
        let full: UInt64
        let failures: UInt64
    }

    struct LastCommit: Codable, Sendable {
        let at: String
        let secondsAgo: Double
        let full: Bool
        let servicePorts: Int
        let elements: Int
        let bytes: Int
        let microseconds: UInt64
        let kernelMicroseconds: UInt64
    }

    struct LastFailure: Codable, Sendable {
        let at: String
        let secondsAgo: Double
        let message: String
        let servicePort: String?
        /// Changes wait for it to be over.
        let current: Bool
    }

    /// What others had changed in our tables, and was put right.
    struct Repairs: Codable, Sendable {
        let count: UInt64
        let lastAt: String?
        let last: String?
    }

    struct Problem: Codable, Sendable {
        let object: String
        let message: String
    }

    struct Configuration: Codable, Sendable {
        let mode: String
        let detector: String
        let masqueradeAll: Bool
        let masqueradeMark: String
        let invalidPackets: String
        let staleTCP: String
        let localhostNodePorts: Bool
    }

    let state: State
    /// One line: what is wrong, or that nothing is.
    let summary: String
    let daemon: Identity
    let synced: Bool
    let families: [String]
    let counts: Counts
    let commits: Commits
    let lastCommit: LastCommit?
    let lastFailure: LastFailure?
    let repairs: Repairs
    /// Service ports that the kernel refused.
    let setAside: [String]
    let problems: [Problem]
    let nodePortAddresses: [String]
    let podNetworks: [String]
    let serviceCIDRs: [String]
    let configuration: Configuration
}

extension StatusDocument {
    init(
        _ identity: Identity, _ snapshot: SyncSnapshot, _ dataplane: DataplaneConfiguration,
        problems: [ProxyProblem], _ clocks: Clocks
    ) {
        let record = snapshot.record
        daemon = identity
        synced = snapshot.isSynced
        families = dataplane.families.sorted().map { "\($0)" }
        counts = Counts(snapshot.desired.servicePorts)
        commits = Commits(count: record.commits, full: record.fullCommits, failures: record.failures)
        lastCommit = record.lastCommit.map { LastCommit($0, clocks) }
        lastFailure = record.lastFailure.map {
            LastFailure(
                at: clocks.timestamp($0.nanoseconds), secondsAgo: clocks.secondsSince($0.nanoseconds),
                message: $0.failure.description, servicePort: $0.failure.servicePort?.description,
                current: record.currentFailure != nil)
        }
        repairs = Repairs(
            count: record.repairs, lastAt: record.lastRepair.map { clocks.timestamp($0.nanoseconds) },
            last: record.lastRepair?.report.description)
        setAside = snapshot.refused.keys.sorted().map(\.description)
        self.problems = problems.map { Problem(object: $0.object, message: $0.message) }
        nodePortAddresses = snapshot.desired.node.nodePortAddresses.sorted().map(\.description)
        podNetworks = snapshot.desired.node.podNetworks.sorted().map(\.description)
        serviceCIDRs = snapshot.desired.node.serviceCIDRs.sorted().map(\.description)
        configuration = Configuration(dataplane)
        (state, summary) = Self.judge(snapshot, counts, problems: problems.count)
    }

    private static func judge(_ snapshot: SyncSnapshot, _ counts: Counts, problems: Int) -> (State, String) {
        if let failure = snapshot.record.currentFailure {
            return (.failing, "the kernel does not take changes: \(failure.failure.description)")
        }
        if !snapshot.isSynced {
            return (.starting, "not all objects have been heard of; nothing is written until then")
        }
        if !snapshot.refused.isEmpty {
            let count = snapshot.refused.count
            return (
                .degraded,
                "\(count) service port\(count == 1 ? " is" : "s are") set aside, because the kernel refused \(count == 1 ? "it" : "them")"
            )
        }
        let services = "\(counts.services) Service\(counts.services == 1 ? "" : "s") programmed"
        return (
            .ok, problems == 0 ? services : "\(services); \(problems) problem\(problems == 1 ? "" : "s") of objects"
        )
    }
}

extension StatusDocument.Identity {
    /// This process, which has just started.
    static func current(_ nodeName: String) -> Self {
        Self(
            version: Fairlead.configuration.version, nodeName: nodeName,
            processID: ProcessInfo.processInfo.processIdentifier, startedAt: Timestamp.now.text)
    }
}

extension StatusDocument.Counts {
    fileprivate init(_ servicePorts: [ServicePortName: ServicePort]) {
        var names: Set<[String]> = []
        for (name, port) in servicePorts {
            names.insert([name.namespace, name.service])
            endpoints += port.endpoints.count
        }
        (services, self.servicePorts) = (names.count, servicePorts.count)
    }
}

extension StatusDocument.LastCommit {
    fileprivate init(_ commit: SyncRecord.Commit, _ clocks: Clocks) {
        let report = commit.report
        self.init(
            at: clocks.timestamp(commit.nanoseconds), secondsAgo: clocks.secondsSince(commit.nanoseconds),
            full: report.isFull, servicePorts: report.servicePorts, elements: report.elements, bytes: report.bytes,
            microseconds: report.durationNanoseconds / 1000, kernelMicroseconds: report.kernelNanoseconds / 1000)
    }
}

extension StatusDocument.Configuration {
    fileprivate init(_ configuration: DataplaneConfiguration) {
        let detector =
            switch configuration.detector {
            case .none: "none"
            case .podNetworks: "pod networks"
            case .bridge(let name): "bridge \(name)"
            case .interfacePrefix(let prefix): "interfaces \(prefix)*"
            }
        self.init(
            mode: "nftables", detector: detector, masqueradeAll: configuration.masqueradeAll,
            masqueradeMark: "0x" + String(configuration.masqueradeMark, radix: 16),
            invalidPackets: configuration.invalidPackets.rawValue, staleTCP: configuration.staleTCP.rawValue,
            localhostNodePorts: configuration.localhostNodePorts)
    }
}

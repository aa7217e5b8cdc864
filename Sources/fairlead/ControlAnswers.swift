import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import Synchronization

/// What the daemon answers to operators' commands, from what it has and from the kernel.
struct ControlAnswers: Sendable {
    let identity: StatusDocument.Identity
    let configuration: DataplaneConfiguration
    let proxy: ServiceProxy
    let sync: SyncThread
    /// The traffic since the daemon's start; nil where it is not counted.
    var traffic: (@Sendable () async -> [ServicePortName: ServiceTraffic]?)?

    /// A large commit takes some seconds.
    private static let patienceMilliseconds = 15_000

    func answer(_ request: ControlRequest) -> [UInt8] {
        do {
            let snapshot = try snapshot()
            switch request {
            case .status:
                return ControlJSON.encode(
                    StatusDocument(identity, snapshot, configuration, problems: proxy.problems, Clocks()))
            case .services(let request):
                return ControlJSON.encode(ServicesDocument(snapshot, request, try trafficSnapshot()))
            case .explain(let request):
                return ControlJSON.encode(try explain(request, snapshot))
            }
        } catch {
            return ControlJSON.encode(ControlError("\(error)"))
        }
    }

    private func snapshot() throws -> SyncSnapshot {
        let pending = try PendingAnswer<SyncSnapshot?>()
        sync.read { pending.set($0) }
        guard let answer = try pending.wait(timeoutMilliseconds: Self.patienceMilliseconds) else {
            throw ControlError(
                "the sync thread has been busy for \(Self.patienceMilliseconds / 1000) seconds: see the log")
        }
        guard let snapshot = answer else { throw ControlError("the daemon is about to end") }
        return snapshot
    }

    private func trafficSnapshot() throws -> [ServicePortName: ServiceTraffic]? {
        guard let traffic else { return nil }
        let pending = try PendingAnswer<[ServicePortName: ServiceTraffic]?>()
        Task { pending.set(await traffic()) }
        // Counters are worth no failure.
        return try pending.wait(timeoutMilliseconds: Self.patienceMilliseconds).flatMap { $0 }
    }

    /// On the server's own thread, with sockets of its own: neither the sync thread nor its sockets take part.
    private func explain(_ request: ExplainRequest, _ snapshot: SyncSnapshot) throws -> ExplainDocument {
        guard let proto = L4Protocol(name: request.protocol) else {
            throw ControlError("\(request.protocol) is not TCP, UDP or SCTP")
        }
        let question = ExplainQuestion(
            from: try IPAddress(request.from), to: try IPAddress(request.to), port: request.port, protocol: proto,
            interface: request.interface)
        guard question.source.family == question.family else {
            throw ControlError("\(request.from) and \(request.to) are of different families")
        }
        guard configuration.families.contains(question.family) else {
            throw ControlError("\(question.family) is not programmed here")
        }
        var routes = try RouteSocket()
        let local = Set(try routes.addresses().map(\.address))
        var explainer = Explainer(question, snapshot, configuration, localAddresses: local)
        var check = try KernelCheck(explainer.layout.table)
        for set in try check.sets(explainer.dynamicSets, with: explainer.clientKey) { explainer.addClient(to: set) }
        var explanation = explainer.explain()
        explanation.differences = try check.differences(explanation.trace, from: explainer.table)
        return ExplainDocument(explanation)
    }
}

/// Both clocks at one moment: the data plane's times are of the one, people's of the other.
struct Clocks {
    var now = Timestamp.now
    var nanoseconds = MonotonicClock.nanoseconds

    func secondsSince(_ time: UInt64) -> Double {
        Double(nanoseconds > time ? (nanoseconds - time) / 1_000_000 : 0) / 1000
    }

    func timestamp(_ time: UInt64) -> String {
        let microseconds = nanoseconds > time ? Int64((nanoseconds - time) / 1000) : 0
        return Timestamp(microsecondsSinceEpoch: now.microsecondsSinceEpoch - microseconds).microsecondText
    }
}

/// A value that another thread is to bring.
private final class PendingAnswer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let arrival: EventFD

    init() throws(SystemError) { arrival = try EventFD() }

    func set(_ value: Value) {
        self.value.withLock { $0 = value }
        arrival.signal()
    }

    /// Nil when the time is over.
    func wait(timeoutMilliseconds: Int) throws(SystemError) -> Value? {
        var poller = try Poller()
        try poller.add(arrival, token: 0)
        _ = try poller.wait(timeoutMilliseconds: timeoutMilliseconds)
        return value.withLock { $0 }
    }
}

import Dataplane
import Net
import Synchronization
import TestSupport
import Testing

/// A kernel that refuses what it is told to refuse, and otherwise takes everything.
private struct FakeBackend: ~Copyable, Sendable, DataplaneBackend {
    final class Kernel: Sendable {
        struct State {
            var servicePorts: [ServicePortName: ServicePort] = [:]
            var nodePortAddresses: Set<IPAddress> = []
            /// Refused by name when they are written.
            var bad: Set<ServicePortName> = []
            /// So many commits fail, whatever they hold.
            var unknownFailures = 0
            /// What each commit tried was full.
            var attempts: [Bool] = []
        }
        let state = Mutex(State())
    }

    let kernel: Kernel

    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        let names = dirty.everything ? Set(desired.servicePorts.keys) : dirty.servicePorts
        let ports = desired.servicePorts
        let addresses = desired.node.nodePortAddresses
        let failure = kernel.state.withLock { state -> CommitFailure? in
            state.attempts.append(dirty.everything)
            if state.unknownFailures > 0 {
                state.unknownFailures -= 1
                return CommitFailure(servicePort: nil, description: "no memory", retryMilliseconds: 0)
            }
            if let bad = names.filter({ ports[$0] != nil }).sorted().first(where: state.bad.contains) {
                return CommitFailure(servicePort: bad, description: "\(bad) refused", retryMilliseconds: 0)
            }
            if dirty.everything { state.servicePorts = [:] }
            for name in names { state.servicePorts[name] = ports[name] }
            if dirty.everything || dirty.node { state.nodePortAddresses = addresses }
            return nil
        }
        if let failure { throw failure }
        return CommitReport(
            isFull: dirty.everything, servicePorts: names.count, elements: 0, bytes: 0, durationNanoseconds: 0)
    }
}

@Suite struct ReconcilerTests {
    private let kernel = FakeBackend.Kernel()
    private let node = IPAddress(v4: 0xC0A8_0701)

    private func nodeState(_ addresses: IPAddress...) -> NodeState {
        var node = NodeState()
        node.nodePortAddresses = Set(addresses)
        return node
    }

    private func name(_ service: String) -> ServicePortName {
        ServicePortName(namespace: "default", service: service, port: "", protocol: .tcp, family: .ipv4)
    }

    private func port(_ number: UInt16) -> ServicePort {
        ServicePort(clusterIP: IPAddress(v4: 0x0A60_0001), port: number)
    }

    /// Commits, and returns what was refused by name on the way.
    private func commit(_ reconciler: inout Reconciler<FakeBackend>) throws(CommitFailure) -> [ServicePortName] {
        var refused: [ServicePortName] = []
        _ = try reconciler.commit { refused += [$0.servicePort].compactMap { $0 } }
        return refused
    }

    @Test func writesEverythingFirstAndThenOnlyChanges() throws {
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(
            DesiredChanges(servicePorts: [name("a"): port(1), name("b"): port(2)], node: nodeState(node)))
        #expect(try commit(&reconciler) == [])
        let isIdle = !reconciler.hasWork
        #expect(isIdle)
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): port(3), name("b"): nil]))
        #expect(try commit(&reconciler) == [])
        kernel.state.withLock { state in
            #expect(state.attempts == [true, false])
            #expect(state.servicePorts == [name("a"): port(3)])
            #expect(state.nodePortAddresses == [node])
        }
    }

    @Test func setsAsideWhatTheKernelRefusesAndWritesTheRest() throws {
        kernel.state.withLock { $0.bad = [name("bad"), name("worse")] }
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(
            DesiredChanges(
                servicePorts: [name("a"): port(1), name("bad"): port(2), name("worse"): port(3)],
                node: nodeState(node)))
        #expect(try commit(&reconciler) == [name("bad"), name("worse")])
        #expect(kernel.state.withLock { $0.servicePorts } == [name("a"): port(1)])
        // Reported once: neither with other changes, nor with a full write.
        reconciler.accept(DesiredChanges(servicePorts: [name("b"): port(4)]))
        #expect(try commit(&reconciler) == [])
        kernel.state.withLock { $0.unknownFailures = 1 }
        reconciler.accept(DesiredChanges(servicePorts: [name("b"): port(5)]))
        #expect(try commit(&reconciler) == [])
        #expect(kernel.state.withLock { $0.servicePorts } == [name("a"): port(1), name("b"): port(5)])
        let refused = reconciler.refused
        #expect(refused == [name("bad"): port(2), name("worse"): port(3)])
    }

    @Test func triesTheRefusedAgainWhenItChanges() throws {
        kernel.state.withLock { $0.bad = [name("bad")] }
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): port(1), name("bad"): port(2)]))
        #expect(try commit(&reconciler) == [name("bad")])
        reconciler.accept(DesiredChanges(servicePorts: [name("bad"): port(3)]))
        #expect(try commit(&reconciler) == [name("bad")])
        kernel.state.withLock { $0.bad = [] }
        reconciler.accept(DesiredChanges(servicePorts: [name("bad"): port(4)]))
        #expect(try commit(&reconciler) == [])
        #expect(kernel.state.withLock { $0.servicePorts } == [name("a"): port(1), name("bad"): port(4)])
        let refused = reconciler.refused
        #expect(refused.isEmpty)
    }

    @Test func aRefusedServicePortThatIsRemovedIsForgotten() throws {
        kernel.state.withLock { $0.bad = [name("bad")] }
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(DesiredChanges(servicePorts: [name("bad"): port(2)]))
        #expect(try commit(&reconciler) == [name("bad")])
        reconciler.accept(DesiredChanges(servicePorts: [name("bad"): nil]))
        #expect(try commit(&reconciler) == [])
        let refused = reconciler.refused
        #expect(refused.isEmpty)
    }

    @Test func aChangeThatFailsIsWrittenInFullAtOnce() throws {
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): port(1)]))
        #expect(try commit(&reconciler) == [])
        kernel.state.withLock { $0.unknownFailures = 1 }
        reconciler.accept(DesiredChanges(servicePorts: [name("b"): port(2)]))
        #expect(try commit(&reconciler) == [])
        kernel.state.withLock { state in
            #expect(state.attempts == [true, false, true])
            #expect(state.servicePorts == [name("a"): port(1), name("b"): port(2)])
        }
    }

    @Test func forgetsNothingWhileTheKernelFails() throws {
        kernel.state.withLock { $0.unknownFailures = 12 }
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): port(1)], node: nodeState(node)))
        var pauses: [Int] = []
        for round in 0..<12 {
            if round == 5 { reconciler.accept(DesiredChanges(servicePorts: [name("b"): port(2)])) }
            do throws(CommitFailure) {
                _ = try commit(&reconciler)
            } catch {
                pauses.append(error.retryMilliseconds)
                let hasWork = reconciler.hasWork
                #expect(hasWork && error.servicePort == nil)
            }
        }
        #expect(pauses == [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000])
        #expect(try commit(&reconciler) == [])
        kernel.state.withLock { state in
            #expect(state.servicePorts == [name("a"): port(1), name("b"): port(2)])
            #expect(state.nodePortAddresses == [node])
            // The next failure starts from the shortest pause.
            state.unknownFailures = 2
        }
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): nil]))
        let failure = #expect(throws: CommitFailure.self) { try commit(&reconciler) }
        #expect(failure?.retryMilliseconds == 100)
    }

    @Test func triesTheRefusedAgainByItself() throws {
        kernel.state.withLock { $0.bad = [name("bad")] }
        var reconciler = Reconciler(FakeBackend(kernel: kernel))
        let none = reconciler.refusedRetryNanoseconds
        #expect(none == nil)
        reconciler.accept(DesiredChanges(servicePorts: [name("a"): port(1), name("bad"): port(2)]))
        #expect(try commit(&reconciler) == [name("bad")])
        let first = reconciler.refusedRetryNanoseconds
        reconciler.retryRefused()
        let hasWork = reconciler.hasWork
        #expect(hasWork)
        // The same refusal is told once.
        #expect(try commit(&reconciler) == [])
        let refused = reconciler.refused
        #expect(refused == [name("bad"): port(2)])
        kernel.state.withLock { $0.bad = [] }
        reconciler.retryRefused()
        #expect(try commit(&reconciler) == [])
        let time = reconciler.refusedRetryNanoseconds
        #expect(first != nil && time == nil)
        #expect(kernel.state.withLock { $0.servicePorts } == [name("a"): port(1), name("bad"): port(2)])
    }
}

import KubeAPI
import Logging
import ServiceLifecycle
import Synchronization

/// Follows all objects of one kind and hands them to a sink, through every failure of the API server.
///
/// Objects are handed on as they are read and not kept. What the sink has been given is only ever taken back for an
/// object that is gone: by the server's word, or because a list that came completely does not have it. A deletion that
/// follows from a list is handed out after all that the list has, so that no empty or partial state is ever passed on.
///
/// The sink is called from one task, one event at a time, as the bytes come in; it must not block.
package actor Reflector<Object: WireObject>: ServiceLifecycle.Service {
    let configuration: ReflectorConfiguration
    let transport: any KubeTransport
    let sink: @Sendable (ReflectorEvent<Object>) -> Void
    private nonisolated let currentStatus = Mutex(ReflectorStatus())

    var plan: ReflectorPlan
    var names = NameLedger()
    var unreadable = UnreadableLedger()
    /// The list that comes in has an object whose name could not be read: it may be any of those that seem to be gone.
    var hasNamelessObject = false
    /// Pieces of the current answer.
    var pieces = 0
    /// Lines of the current answer that brought it on.
    var lines = 0
    private var outage = Outage()

    package init(
        _ configuration: ReflectorConfiguration, transport: any KubeTransport,
        sink: @escaping @Sendable (ReflectorEvent<Object>) -> Void
    ) {
        self.configuration = configuration
        self.transport = transport
        self.sink = sink
        plan = ReflectorPlan(configuration)
    }

    /// How the reflector fares now. From any thread.
    package nonisolated var status: ReflectorStatus { currentStatus.withLock { $0 } }

    /// Follows the objects until the task is cancelled or the process shuts down. To be called once.
    package func run() async {
        await cancelWhenGracefulShutdown { await self.follow() }
        update { $0.isConnected = false }
    }

    private func follow() async {
        while !Task.isCancelled {
            let began = configuration.clock.now()
            var end = ReflectorPlan.End()
            do {
                // A page that came completely leads to the next request at once.
                if try await answer(to: plan.request, &end) { continue }
            } catch {
                end.failure = ReflectorFailure(error)
            }
            if Task.isCancelled { return }
            let now = configuration.clock.now()
            end.lasted = now - began
            end.lines = lines
            let before = plan.request
            let step = plan.ended(end, at: now)
            report(end, step, before)
            if step.announcesSynced, !status.isSynced { announceSynced() }
            if step.pause > .zero { try? await configuration.clock.sleep(step.pause) }
        }
    }

    func update(_ change: (inout ReflectorStatus) -> Void) { currentStatus.withLock { change(&$0) } }

    func announceSynced() {
        update { $0.isSynced = true }
        sink(.synced)
    }

    // MARK: What is said

    /// The server has answered well.
    func answeredWell() {
        guard let away = outage.ended(at: configuration.clock.now()) else { return }
        update { $0.lastError = nil }
        configuration.logger.notice(
            "\(Object.resource.plural): the API server is back after \(away.components.seconds) s")
    }

    private func report(_ end: ReflectorPlan.End, _ step: ReflectorPlan.Step, _ request: ReflectorRequest) {
        let text = end.failure?.text ?? "the server ended its answer"
        update { status in
            status.isConnected = false
            status.resourceVersion = plan.resourceVersion
            status.objects = names.count
            if end.failure != nil { status.errors += 1 }
            if step.isTrouble { status.lastError = text }
        }
        let logger = configuration.logger
        let kind = Object.resource.plural
        let pause = Logger.MetadataValue.stringConvertible(step.pause)
        guard step.isTrouble else {
            if case .streamingList = request, case .list = plan.request {
                logger.info("\(kind): lists come in pages from now on, as the server has none in a watch (\(text))")
            }
            logger.debug("\(kind): \(text)", metadata: ["pause": pause])
            return
        }
        guard outage.failed(end.failure?.key ?? text, at: configuration.clock.now()) else {
            logger.debug("\(kind): \(text)", metadata: ["pause": pause])
            return
        }
        if step.announcesSynced {
            logger.notice("\(kind): not there, and done without: \(text)")
        } else {
            logger.warning("\(kind): \(text); what is known stays, and the server is asked again")
        }
    }
}

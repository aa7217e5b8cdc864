import APIMachinery
import KubeAPI
import Net

/// Says of each ServiceCIDR that it is ready, and keeps one that is being deleted while an address of it is in use
/// (pkg/controller/servicecidrs, pkg/controlplane/controller/defaultservicecidr).
final class ServiceCIDRController: Controller {
    static let finalizer = "networking.k8s.io/service-cidr-finalizer"
    private static let defaultName = "kubernetes"
    /// So long nobody gets an address of it any more before it goes: who is giving one has not seen the deletion yet.
    private static let graceSeconds = 10

    private struct Range: Sendable {
        let object: Unstructured
        let prefixes: [IPPrefix]

        init(_ object: Unstructured) {
            self.object = object
            prefixes = object.tree.texts(at: "spec", "cidrs").compactMap { try? IPPrefix($0) }
        }
    }

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let configured: [IPPrefix]
    private let ranges: ObjectCache<Range>
    private let addresses: ObjectCache<IPAddress>
    private let queue: WorkQueue<String>

    /// - Parameter configured: what ServiceCIDR `kubernetes` should say.
    init(_ context: ControllerContext, configured: [IPPrefix]) {
        self.context = context
        self.configured = configured
        recorder = context.recorder("service-cidr-controller")
        let ranges = ObjectCache(context.feed, .serviceCIDRs) { Range($0) }
        self.ranges = ranges
        addresses = ObjectCache(context.feed, .ipAddresses) { object in
            guard object.labels[Registry.addressManagerLabel] == Registry.addressManager else { return nil }
            return IPAddress(parsing: object.name)
        }
        let queue = context.queue(of: String.self)
        self.queue = queue
        let ending: @Sendable () -> Void = {
            for range in ranges.values where range.object.deletionTimestamp != nil { queue.add(range.object.name) }
        }
        context.feed.subscribe(.serviceCIDRs) { change in
            queue.add(change.name.name)
            ending()
        }
        context.feed.subscribe(.ipAddresses) { if $0.isGone { ending() } }
    }

    func run() async throws {
        try await context.runner("service-cidr", queue) { (name) throws(Status) in try await self.reconcile(name) }
            .run()
    }

    private func reconcile(_ name: String) async throws(Status) {
        guard let range = ranges[ObjectName(namespace: "", name: name)] else {
            if name == Self.defaultName { try await createDefault() }
            return
        }
        guard range.object.deletionTimestamp == nil else { return try await end(range) }
        var object = range.object
        if !object.finalizers.contains(Self.finalizer) {
            object.finalizers.append(Self.finalizer)
            object = try await context.client.update(object, in: .serviceCIDRs, subresource: nil)
        }
        try await tell(object, isReady: true, reason: "", "Kubernetes Service CIDR is ready")
        if name == Self.defaultName, !configured.isEmpty, range.prefixes != configured {
            let (found, wanted) = (
                object.tree.texts(at: "spec", "cidrs").joined(separator: " "),
                configured.map { "\($0)" }.joined(separator: " ")
            )
            recorder.warning(
                "KubernetesDefaultServiceCIDRInconsistent",
                "The default ServiceCIDR [\(found)] does not match the controller flag configurations [\(wanted)]",
                about: object)
        }
    }

    private func createDefault() async throws(Status) {
        guard !configured.isEmpty else { return }
        var range = Unstructured(.serviceCIDRs, name: Self.defaultName)
        range["spec"] = ["cidrs": JSONValue(configured.map(\.description))]
        _ = try await context.client.create(range, in: .serviceCIDRs)
    }

    private func end(_ range: Range) async throws(Status) {
        guard range.object.finalizers.contains(Self.finalizer) else { return }
        guard mayGo(range) else {
            return try await tell(
                range.object, isReady: false, reason: "Terminating",
                "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR"
            )
        }
        let since = range.object.deletionTimestamp ?? context.clock.now
        let left = since + .seconds(Self.graceSeconds) - context.clock.now
        if left > .zero {
            queue.add(range.object.name, after: left)
            return
        }
        var object = range.object
        object.finalizers = object.finalizers.filter { $0 != Self.finalizer }
        do {
            _ = try await context.client.update(object, in: .serviceCIDRs, subresource: nil)
        } catch {
            if error.code != 404 { throw error }
        }
    }

    /// Whether every address of it is in another range as well.
    private func mayGo(_ range: Range) -> Bool {
        let others = ranges.values.filter { $0.object.uid != range.object.uid }.flatMap(\.prefixes)
        let isCovered = range.prefixes.allSatisfy { prefix in
            others.contains { $0.contains(prefix.address) && $0.length <= prefix.length }
        }
        if isCovered { return true }
        return !addresses.values.contains { address in
            range.prefixes.contains { $0.contains(address) } && !others.contains { $0.contains(address) }
        }
    }

    private func tell(
        _ object: Unstructured, isReady: Bool, reason: String, _ message: String
    ) async throws(Status) {
        var conditions = StatusConditions(object)
        let status = isReady ? "True" : "False"
        if conditions["Ready"]?.text(at: "message") == message { return }
        conditions.set("Ready", status, reason: reason, message: message, now: context.clock.now)
        var written = object
        written.setStatus("conditions", conditions.json)
        do {
            try await context.writeStatus(written, was: object, in: .serviceCIDRs)
        } catch {
            if isReady, error.reason != "Conflict" {
                recorder.warning(
                    "KubernetesServiceCIDRError", "The ServiceCIDR Status can not be set to Ready=True", about: object)
            }
            throw error
        }
    }
}

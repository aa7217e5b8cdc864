import APIMachinery
import KubeAPI
import Logging
import Net
import Storage
import Synchronization
import Testing

@testable import ControlPlane

/// A registry in memory with all controllers at work on it, under a clock of the test's own.
final class TestCluster: Sendable {
    let registry: Registry
    let clock = TestClock()
    let errors = ErrorLog()
    let controllers: ControllerSet

    private init(_ configuration: ControllerConfiguration) async throws {
        registry = try await Registry.started()
        controllers = ControllerSet(
            client: registry, configuration: configuration, clock: clock, logger: errors.logger)
    }

    static func run(
        _ configuration: ControllerConfiguration = ControllerConfiguration(),
        _ body: @escaping @Sendable (TestCluster) async throws -> Void
    ) async throws {
        let cluster = try await TestCluster(configuration)
        try await withThrowingTaskGroup { group in
            group.addTask { try await cluster.controllers.run() }
            try await cluster.settle()
            try await body(cluster)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    func settle() async throws { try await controllers.settled() }

    /// Lets time go by, and waits until everybody has done what there is to do then.
    func advance(seconds: Int) async throws {
        clock.advance(by: .seconds(seconds))
        try await settle()
    }

    // MARK: - Objects

    /// Makes objects from JSON, and waits for what comes of them.
    @discardableResult
    func create(_ resource: Resource, _ json: JSONValue) async throws -> Unstructured {
        let created = try await registry.create(try Unstructured(json), in: resource)
        try await settle()
        return created
    }

    func get(_ resource: Resource, _ name: String, namespace: String = "default") async throws -> Unstructured {
        try await registry.get(
            resource, ObjectName(namespace: resource.isNamespaced ? namespace : "", name: name))
    }

    func exists(_ resource: Resource, _ name: String, namespace: String = "default") async throws -> Bool {
        try await registry.find(
            resource, ObjectName(namespace: resource.isNamespaced ? namespace : "", name: name)) != nil
    }

    /// Changes an object, and waits for what comes of it.
    func edit(
        _ resource: Resource, _ name: String, status: Bool = false, _ change: (inout Unstructured) -> Void
    ) async throws {
        try await editQuietly(
            resource, ObjectName(namespace: resource.isNamespaced ? "default" : "", name: name), status: status, change)
        try await settle()
    }

    func editQuietly(
        _ resource: Resource, _ name: ObjectName, status: Bool = false, _ change: (inout Unstructured) -> Void
    ) async throws {
        while true {
            var object = try await registry.get(resource, name)
            change(&object)
            do throws(Status) {
                _ = try await registry.update(object, in: resource, subresource: status ? "status" : nil)
                return
            } catch {
                guard error.reason == "Conflict" else { throw error }
            }
        }
    }

    func delete(_ resource: Resource, _ name: String, _ options: DeletionOptions = DeletionOptions()) async throws {
        try await registry.delete(
            resource, ObjectName(namespace: resource.isNamespaced ? "default" : "", name: name), options)
        try await settle()
    }

    func pods(namespace: String = "default") async throws -> [Unstructured] {
        try await registry.list(.pods, namespace: namespace)
    }

    /// The messages of the events about an object, in the order of their names.
    func events(about name: String, reason: String? = nil) async throws -> [String] {
        try await registry.list(.events, namespace: nil)
            .filter { $0.tree.text(at: "involvedObject", "name") == name }
            .filter { [nil, $0.tree.text(at: "reason")].contains(reason) }
            .map { $0.tree.text(at: "message") }
    }

    // MARK: - Kubelets

    func addNode(
        _ name: String, cpu: String = "64", memory: String = "256Gi", pods: String = "1000",
        labels: [String: String] = [:], taints: [JSONValue] = []
    ) async throws {
        var node = Unstructured(.nodes, name: name)
        node.labels = labels.merging(["kubernetes.io/hostname": name]) { $1 }
        if !taints.isEmpty { node[["spec", "taints"]] = .array(taints) }
        node["status"] = [
            "allocatable": ["cpu": .string(cpu), "memory": .string(memory), "pods": .string(pods)],
            "capacity": ["cpu": .string(cpu), "memory": .string(memory), "pods": .string(pods)],
            "conditions": [["type": "Ready", "status": "True", "reason": "KubeletReady"]],
        ]
        _ = try await registry.create(node, in: .nodes)
        try await settle()
    }

    /// Says that a Pod runs, and whether it is ready.
    func report(_ pod: Unstructured, isReady: Bool = true) async throws {
        let time = JSONValue.string(clock.now.text)
        try await editQuietly(.pods, pod.objectName, status: true) { tree in
            tree[["status", "phase"]] = "Running"
            var conditions = tree.tree.list(at: "status", "conditions").filter { $0.text(at: "type") != "Ready" }
            conditions.append(["type": "Ready", "status": isReady ? "True" : "False", "lastTransitionTime": time])
            tree[["status", "conditions"]] = .array(conditions)
        }
    }

    /// All nodes' kubelets: Pods that have a node become ready, Pods that are being deleted go.
    ///
    /// - Returns: whether there was something to do.
    @discardableResult
    func runKubelets(readyLimit: Int = .max) async throws -> Bool {
        var isBusy = false
        var readied = 0
        for pod in try await registry.list(.pods, namespace: nil) {
            if pod.deletionTimestamp != nil {
                try? await registry.delete(.pods, pod.objectName, DeletionOptions(gracePeriodSeconds: 0))
                isBusy = true
            } else if !pod.tree.text(at: "spec", "nodeName").isEmpty, !PodRecord(pod).isReady, readied < readyLimit {
                try await report(pod)
                readied += 1
                isBusy = true
            }
        }
        try await settle()
        return isBusy
    }

    /// Until the kubelets have nothing to do.
    func runKubeletsToTheEnd() async throws {
        for _ in 0..<200 where try await runKubelets() {}
    }
}

extension JSONValue {
    /// A Deployment, or a ReplicaSet, `default/<name>`.
    static func workload(
        _ resource: Resource, _ name: String, replicas: Int, image: String = "v1", _ spec: [String: JSONValue] = [:]
    ) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
            "metadata": ["name": .string(name), "namespace": "default"],
            "spec": [
                "replicas": JSONValue(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "c", "image": .string(image)]]],
                ],
            ],
        ]
        for (key, value) in spec { object[["spec", key]] = value }
        return object
    }
}

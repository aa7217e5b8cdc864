import APIMachinery
import KubeAPI

/// Makes and deletes the Pods of a controller, and tells of it.
struct PodControl: Sendable {
    /// How it is told.
    enum Wording: Sendable {
        /// As upstream's `RealPodControl` does.
        case plain
        /// As its `StatefulPodControl` does.
        case stateful
    }

    /// The most Pods that one step makes or deletes (upstream's `BurstReplicas`).
    static let burstLimit = 500
    /// How many requests are under way at once.
    private static let widest = 32

    let client: any ObjectClient
    let recorder: EventRecorder
    var wording = Wording.plain

    /// Makes Pods: one at first, then twice as many each time, and no more after a failure, so that a template that is
    /// refused is not refused many times.
    ///
    /// - Throws: the first failure.
    func create(_ pods: [Unstructured], owner: Unstructured) async throws(Status) {
        var (done, batch) = (0, 1)
        while done < pods.count {
            let (begin, size) = (done, min(batch, pods.count - done))
            let failure = await Self.inParallel(size) { await self.create(pods[begin + $0], owner: owner) }
            if let failure { throw failure }
            done += size
            batch *= 2
        }
    }

    /// Makes a Pod as it is given, without a failure's being thrown.
    ///
    /// - Returns: the failure.
    func create(_ pod: Unstructured, owner: Unstructured) async -> Status? {
        do throws(Status) {
            let pod = try await client.create(pod, in: .pods)
            tell("Create", "Created", pod.name, of: owner)
            return nil
        } catch {
            if !error.isAboutEndingNamespace {
                tell("Create", "creating", pod.name, of: owner, failure: error)
            }
            return error
        }
    }

    /// Deletes Pods. Those that are gone already are no failure.
    ///
    /// - Throws: the first failure.
    func delete(_ pods: [PodRecord], owner: Unstructured) async throws(Status) {
        let failure = await Self.inParallel(pods.count) { await self.delete(pods[$0], owner: owner) }
        if let failure { throw failure }
    }

    private func delete(_ pod: PodRecord, owner: Unstructured) async -> Status? {
        do throws(Status) {
            try await client.delete(.pods, pod.name, DeletionOptions(uid: pod.uid))
            tell("Delete", "Deleted", pod.name.name, of: owner)
            return nil
        } catch {
            if error.code == 404 { return nil }
            tell("Delete", "deleting", pod.name.name, of: owner, failure: error)
            return error
        }
    }

    private func tell(_ verb: String, _ form: String, _ pod: String, of owner: Unstructured) {
        let message =
            wording == .plain ? "\(form) pod: \(pod)" : "\(verb) Pod \(pod) in StatefulSet \(owner.name) successful"
        recorder.normal("Successful\(verb)", message, about: owner)
    }

    private func tell(_ verb: String, _ form: String, _ pod: String, of owner: Unstructured, failure: Status) {
        let message =
            wording == .plain
            ? "Error \(form): \(failure.message)"
            : "\(verb) Pod \(pod) in StatefulSet \(owner.name) failed error: \(failure.message)"
        recorder.warning("Failed\(verb)", message, about: owner)
    }

    /// Calls `body` with all numbers below `count`, some at once.
    ///
    /// - Returns: the first failure.
    static func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) async -> Status?) async -> Status? {
        await withTaskGroup(of: Status?.self) { group in
            var failure: Status?
            for index in 0..<count {
                if index >= widest { failure = await group.next().flatMap { $0 } ?? failure }
                group.addTask { await body(index) }
            }
            for await result in group { failure = failure ?? result }
            return failure
        }
    }
}

extension Status {
    /// A namespace that is being deleted takes nothing new (core/v1 `NamespaceTerminatingCause`).
    var isAboutEndingNamespace: Bool {
        details?.causes.contains { $0.reason == "NamespaceTerminating" } ?? false
    }
}

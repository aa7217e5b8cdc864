import KubeAPI
import Logging

extension ManifestScanner {
    /// Deletes what no file declares any more, then applies what the files that count say. What fails is tried again as
    /// long as something else succeeds: an address may be free by then.
    mutating func apply(_ change: inout ManifestChange) async {
        readSuccessors(&change)
        for path in change.contents.keys.sorted() {
            catalog.note(path) { $0.hasFailures = false }
            for problem in change.contents[path]?.problems ?? [] { report(path, problem.text, problem.isWarning) }
        }
        let keys = change.touched.sorted(by: ManifestKey.isAppliedBefore)
        for key in keys where catalog.winner(of: key) == nil { await delete(key) }

        var pending = keys.compactMap { winningObject($0, change) }
        reportLosers(keys)
        // What asks for an address or a port gets it, before others are given one.
        pending = pending.filter(\.asksForItsOwn) + pending.filter { !$0.asksForItsOwn }
        var count = Int.max
        while !pending.isEmpty, pending.count < count {
            count = pending.count
            pending = await attempt(pending)
        }
        for declared in pending {
            catalog.note(declared.path) { $0.hasFailures = true }
            report(declared.path, "\(declared.path): \(declared.failure ?? "")", false)
        }
    }

    private struct Declared {
        let key: ManifestKey
        let object: Unstructured
        let path: String
        var failure: String?

        /// Whether it comes before Services that ask for nothing: all do that others may refer to.
        var asksForItsOwn: Bool {
            guard key.resource.kind == "Service" else { return ManifestKey.isAppliedBefore(key, .firstService) }
            let ports = object[["spec", "ports"]]?.array ?? []
            return object[["spec", "clusterIP"]] != nil || object[["spec", "clusterIPs"]] != nil
                || object[["spec", "healthCheckNodePort"]] != nil || ports.contains { $0["nodePort"] != nil }
        }
    }

    private func winningObject(_ key: ManifestKey, _ change: ManifestChange) -> Declared? {
        guard let path = catalog.winner(of: key), let object = change.contents[path]?.objects[key] else { return nil }
        return Declared(key: key, object: object, path: path)
    }

    /// - Returns: those that failed.
    private func attempt(_ pending: [Declared]) async -> [Declared] {
        var failed: [Declared] = []
        for var declared in pending {
            do throws(Status) {
                let outcome = try await applier.apply(declared.object, declared.key, from: declared.path)
                logger.debug("\(declared.key) \(outcome)", metadata: ["file": "\(declared.path)"])
            } catch {
                declared.failure = "\(declared.key): \(Self.text(error))"
                failed.append(declared)
            }
        }
        return failed
    }

    /// Every field that is at fault, or the message.
    private static func text(_ failure: Status) -> String {
        let causes = failure.details?.causes ?? []
        guard failure.reason == "Invalid", !causes.isEmpty else { return failure.message }
        return causes.map { "\($0.field): \($0.message)" }.joined(separator: "; ")
    }

    private func delete(_ key: ManifestKey) async {
        do throws(Status) {
            try await applier.delete(key)
            logger.debug("\(key) deleted")
        } catch {
            logger.error("\(key): cannot be deleted: \(error.message)")
        }
    }

    private mutating func reportLosers(_ keys: [ManifestKey]) {
        for key in keys {
            guard let winner = catalog.winner(of: key) else { continue }
            for path in catalog.losers(of: key) {
                report(path, "\(path): \(key) is declared in \(winner) already; ignored", false)
            }
        }
    }

    private mutating func report(_ path: String, _ problem: String, _ isWarning: Bool) {
        var isNew = false
        catalog.note(path) { isNew = $0.reported.insert(problem).inserted }
        if isNew { logger.log(level: isWarning ? .warning : .error, "\(problem)") }
    }
}

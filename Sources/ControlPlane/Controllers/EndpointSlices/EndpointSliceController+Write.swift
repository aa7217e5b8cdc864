import KubeAPI

extension EndpointSliceController {
    /// Writes what the plan says: new slices first and deletions last, so that an endpoint which moves is always in one.
    ///
    /// - Throws: the first `Status` that is not about a slice which is gone already.
    func apply(_ plan: SlicePlan, trigger: Timestamp?) async throws(Status) {
        for var slice in plan.creations {
            slice.metadata.name = GeneratedName.make(slice.metadata.generateName ?? "")
            try await write(slice, trigger: trigger) { (slice) throws(Status) in
                _ = try await self.slices.create(slice)
            }
        }
        for slice in plan.updates {
            try await write(slice, trigger: trigger) { (slice) throws(Status) in
                _ = try await self.slices.update(slice)
            }
        }
        for slice in plan.deletions {
            try await note(NamespacedName(of: slice), nil) { () throws(Status) in
                do throws(Status) {
                    try await self.slices.delete(
                        namespace: slice.metadata.namespace, name: slice.metadata.name, uid: slice.metadata.uid)
                } catch {
                    if error.code != 404 { throw error }
                }
            }
        }
    }

    private func write(
        _ slice: EndpointSlice, trigger: Timestamp?, _ body: (EndpointSlice) async throws(Status) -> Void
    ) async throws(Status) {
        var slice = slice
        slice.metadata.annotations[EndpointSlice.triggerTimeAnnotation] = trigger?.microsecondText
        try await note(NamespacedName(of: slice), slice) { () throws(Status) in try await body(slice) }
    }

    /// The event of the write that `body` makes is not taken for somebody else's.
    private func note(
        _ name: NamespacedName, _ content: EndpointSlice?, _ body: () async throws(Status) -> Void
    ) async throws(Status) {
        state.withLock { $0.ownWrites[name] = .some(content) }
        defer { state.withLock { _ = $0.ownWrites.removeValue(forKey: name) } }
        try await body()
    }
}

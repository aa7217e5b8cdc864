import KubeAPI
import Testing

@testable import ControlPlane

/// How many slices a change writes.
@Suite struct SliceChurnTests {
    private func pod(_ index: Int) -> Pod {
        Pod("p\(1000 + index)", app: "web", ["10.244.\(index / 200).\(index % 200 + 1)"])
    }

    private func sizes(_ cluster: Cluster) throws -> [Int] {
        try cluster.slices("web").map(\.endpoints.count).sorted()
    }

    /// 250 Pods behind one Service.
    private func run(_ body: (Cluster, Recorder) async throws -> Void) async throws {
        try await Cluster.run { cluster in
            try await cluster.apply((0..<250).map(pod) + [Service("web") { $0.clusterIP = "10.96.0.10" }])
            #expect(try sizes(cluster) == [50, 100, 100])
            try await body(cluster, try cluster.recordSliceWrites())
        }
    }

    @Test func nothingChangedNothingWritten() async throws {
        try await run { cluster, writes in
            cluster.controller.queue.add(NamespacedName(namespace: "default", name: "web"))
            try await cluster.controller.settled()
            #expect(writes.events.isEmpty)
        }
    }

    @Test func oneChangedPodWritesOneSlice() async throws {
        try await run { cluster, writes in
            var pod = pod(7)
            pod.status.conditions = [Condition(type: "Ready", status: "False")]
            try await cluster.apply(pod)
            #expect(writes.events.map(\.kind) == [.modified])
            #expect(try sizes(cluster) == [50, 100, 100])
        }
    }

    @Test func aPodGoesAndAnotherTakesItsPlace() async throws {
        try await run { cluster, writes in
            try await cluster.delete(pod(7))
            #expect(writes.events.map(\.kind) == [.modified])
            #expect(try sizes(cluster) == [50, 99, 100])
            writes.clear()
            try await cluster.apply(pod(300))
            #expect(writes.events.map(\.kind) == [.modified])
            #expect(try sizes(cluster) == [50, 100, 100])
        }
    }

    @Test func newSlicesOnlyWhenNoneHasRoom() async throws {
        try await run { cluster, writes in
            for index in 250..<300 { _ = try await cluster.applier.apply(pod(index)) }
            try await cluster.controller.settled()
            #expect(try sizes(cluster) == [100, 100, 100])
            #expect(writes.events.allSatisfy { $0.kind == .modified })
            writes.clear()
            try await cluster.apply(pod(300))
            #expect(writes.events.map(\.kind) == [.added])
            #expect(try sizes(cluster) == [1, 100, 100, 100])
            writes.clear()
            try await cluster.delete(pod(300))
            #expect(writes.events.map(\.kind) == [.deleted])
        }
    }

    @Test func labelsAreCopiedToEverySlice() async throws {
        try await run { cluster, writes in
            var service = Service("web")
            service.metadata.labels["team"] = "x"
            try await cluster.apply(service)
            #expect(writes.events.map(\.kind) == [.modified, .modified, .modified])
            #expect(try cluster.slices("web").allSatisfy { $0.metadata.labels["team"] == "x" })
        }
    }

    @Test func allPodsGoneLeavesOneEmptySlice() async throws {
        try await run { cluster, writes in
            for index in 0..<250 { try await cluster.applier.delete(ObjectKey(of: pod(index))) }
            try await cluster.controller.settled()
            #expect(try sizes(cluster) == [0])
            writes.clear()
            cluster.controller.queue.add(NamespacedName(namespace: "default", name: "web"))
            try await cluster.controller.settled()
            #expect(writes.events.isEmpty)
            try await cluster.apply(pod(1))
            #expect(writes.events.map(\.kind) == [.modified])
        }
    }

    @Test func deletionTakesTheSlicesAlong() async throws {
        try await run { cluster, writes in
            var own = EndpointSlice(metadata: ObjectMeta(name: "by-hand", namespace: "default"), addressType: "IPv4")
            own.metadata.labels = [EndpointSlice.serviceNameLabel: "web"]
            try await cluster.apply(own)
            writes.clear()
            try await cluster.delete(Service("web"))
            #expect(writes.events.map(\.kind) == [.deleted, .deleted, .deleted])
            #expect(try cluster.slices("web").map(\.metadata.name) == ["by-hand"])
        }
    }

    @Test func slicesOfAnEarlierServiceAreNotTakenOver() async throws {
        try await run { cluster, _ in
            let old = try cluster.slices("web").compactMap(\.metadata.ownerReferences.first?.uid)
            try await cluster.applier.delete(ObjectKey(of: Service("web")))
            try await cluster.apply(Service("web"))
            let new = try cluster.slices("web").compactMap(\.metadata.ownerReferences.first?.uid)
            #expect(Set(new).isDisjoint(with: old) && new.count == 3)
        }
    }

    @Test func whatSomebodyElseDoesToASliceIsUndone() async throws {
        try await run { cluster, writes in
            var slice = try #require(try cluster.slices("web").first)
            let before = slice.endpoints
            slice.endpoints.removeLast()
            _ = try await ObjectStore<EndpointSlice>(cluster.store).update(slice)
            try await cluster.controller.settled()
            #expect(try cluster.slices("web").first?.endpoints.map(\.addresses) == before.map(\.addresses))
            try await cluster.delete(slice)
            #expect(try sizes(cluster) == [50, 100, 100])
            #expect(writes.events.map(\.kind) == [.modified, .modified, .deleted, .added])
        }
    }

    @Test func aPodConcernsOnlyTheServicesThatSelectIt() async throws {
        try await Cluster.run { cluster in
            try await cluster.apply((0..<200).map { Service("s\($0)") })
            let writes = try cluster.recordSliceWrites()
            try await cluster.apply(Pod("p", app: "s7", ["10.244.0.1"]))
            #expect(writes.events.map { ($0.object.object as? EndpointSlice)?.serviceName?.name } == ["s7"])
            #expect(cluster.controller.state.withLock { $0.ownWrites.isEmpty && $0.triggers.isEmpty })
        }
    }
}

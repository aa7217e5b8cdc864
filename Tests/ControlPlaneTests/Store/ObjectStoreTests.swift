import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct ObjectStoreTests {
    private let store = MemoryStore()
    private var services: ObjectStore<Service> { ObjectStore(store) }

    private func status(_ code: Int, _ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "no error"
        } catch let status as Status {
            #expect(status.code == code)
            return status.message
        } catch { return "\(error)" }
    }

    @Test func createFillsInTheServersFields() async throws {
        let made = try await services.create(Service("web"))
        #expect(made.metadata.resourceVersion == "2" && made.metadata.generation == 1)
        #expect(made.metadata.uid?.count == 36 && made.metadata.creationTimestamp != nil)
        #expect(made.spec.ports[0].targetPort == .int(80))
        let message = await status(409) { _ = try await services.create(Service("web")) }
        #expect(message == "Service default/web already exists")
        #expect(try await services.get(namespace: "default", name: "web") == made)
    }

    @Test func generatedNamesDiffer() async throws {
        var names: Set<String> = []
        for _ in 0..<20 {
            var service = Service("")
            service.metadata.generateName = "web-"
            names.insert(try await services.create(service).metadata.name)
        }
        #expect(names.count == 20)
        #expect(names.allSatisfy { $0.hasPrefix("web-") && $0.count == 9 })
    }

    @Test func updateChecksTheVersion() async throws {
        let made = try await services.create(Service("web"))
        var next = made
        next.spec.ports[0].port = 81
        let updated = try await services.update(next)
        #expect(updated.metadata.generation == 2 && updated.metadata.uid == made.metadata.uid)
        let message = await status(409) { _ = try await services.update(next) }
        #expect(message.hasPrefix("Service default/web has been modified"))
        next.metadata.resourceVersion = nil
        next.metadata.labels["a"] = "b"
        let relabeled = try await services.update(next)
        #expect(relabeled.metadata.generation == 2)
        #expect(try await services.update(relabeled).metadata.resourceVersion == relabeled.metadata.resourceVersion)
        next.metadata.uid = "another"
        _ = await status(409) { _ = try await services.update(next) }
        let missing = await status(404) { _ = try await services.update(Service("none")) }
        #expect(missing == "Service default/none not found")
    }

    @Test func deleteChecksTheUID() async throws {
        let made = try await services.create(Service("web"))
        _ = await status(409) { try await services.delete(namespace: "default", name: "web", uid: "another") }
        try await services.delete(namespace: "default", name: "web", uid: made.metadata.uid)
        _ = await status(404) { try await services.delete(namespace: "default", name: "web") }
        #expect(try await services.list().isEmpty)
    }

    @Test func noUpdateIsLostAmongConcurrentWriters() async throws {
        _ = try await services.create(Service("web"))
        let services = services
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    var done = 0
                    while done < 50 {
                        var service = try await services.get(namespace: "default", name: "web")
                        service.spec.ports[0].port += 1
                        do {
                            _ = try await services.update(service)
                            done += 1
                        } catch let error as Status {
                            #expect(error.code == 409)
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        let last = try await services.get(namespace: "default", name: "web")
        #expect(last.spec.ports[0].port == 80 + 400)
        #expect(last.metadata.generation == 401)
    }

    @Test func oneOfManyCreatorsWins() async throws {
        let services = services
        let made = await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { (try? await services.create(Service("web"))) != nil ? 1 : 0 }
            }
            return await group.reduce(0, +)
        }
        #expect(made == 1)
    }
}

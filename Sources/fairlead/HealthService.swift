import HealthServer
import ServiceLifecycle

/// Ends the health check servers with the process: load balancers then take this node for one without endpoints.
struct HealthService: ServiceLifecycle.Service {
    let server: HealthServer

    func run() async throws {
        try? await gracefulShutdown()
        await server.stop()
    }
}

import Logging
import ServiceLifecycle

extension ServiceGroup {
    /// What a daemon of this program runs, until SIGTERM or SIGINT, or until one of the services fails.
    ///
    /// - Parameter services: in the order of their start; they end in the reverse one.
    static func daemon(_ services: [any ServiceLifecycle.Service], logger: Logger) -> ServiceGroup {
        // The group's own lines are about itself: only its errors are for an operator.
        var groupLogger = logger
        groupLogger.logLevel = max(logger.logLevel, .error)
        // By default a service is named after all that it holds, which takes milliseconds to print, and may be a secret.
        let named = services.map {
            ServiceGroupConfiguration.ServiceConfiguration(service: $0, serviceName: "\(type(of: $0))")
        }
        var configuration = ServiceGroupConfiguration(services: named, logger: groupLogger)
        configuration.gracefulShutdownSignals = [.sigterm, .sigint]
        // Whatever hangs at the end must not keep a successor from starting.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        return ServiceGroup(configuration: configuration)
    }
}

import AsyncHTTPClient
import KubeAPI
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Talks to one API server over HTTP/1.1: a connection for each watch, others shared one request at a time.
///
/// Certificates, keys and tokens may change in their files at any time. New connections use the new ones; those that are
/// open end with their requests.
package final class KubeConnection: KubeTransport {
    private enum Phase {
        case open(ClientGeneration)
        case closed
    }

    /// A generation that others keep, for as long as its requests last.
    private struct Retired {
        weak var generation: ClientGeneration?
    }

    private struct State {
        var phase: Phase
        var retired: [Retired] = []
        /// When the files of certificates are read again.
        var nextReload: ContinuousClock.Instant
    }

    package let configuration: KubeClientConfiguration
    private let limits: ConnectionLimits
    private let logger: Logger
    private let eventLoop: any EventLoop
    private let credentials: CredentialSource
    private let bucket: TokenBucket
    private let state: Mutex<State>

    /// Reads the certificates; connects with the first request.
    ///
    /// - Parameters:
    ///   - logger: warnings, such as of files that can no longer be read; never a secret.
    ///   - eventLoop: serves all connections.
    /// - Throws: `KubeConfigError` where certificates or keys cannot be used.
    package init(
        _ configuration: KubeClientConfiguration, limits: ConnectionLimits = ConnectionLimits(), logger: Logger,
        eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
    ) throws(KubeConfigError) {
        self.configuration = configuration
        self.limits = limits
        self.logger = logger
        self.eventLoop = eventLoop
        credentials = CredentialSource(configuration.credentials, limits: limits.credentials, logger: logger)
        bucket = TokenBucket(ratePerSecond: configuration.requestsPerSecond, burst: configuration.burst)
        let generation: ClientGeneration
        do {
            let material = try TLSMaterial(configuration.tls, credentials: Credentials())
            generation = try ClientGeneration(configuration, material: material, limits: limits, eventLoop: eventLoop)
        } catch {
            throw configuration.placed(error)
        }
        state = Mutex(State(phase: .open(generation), nextReload: .now + limits.fileReloadInterval))
    }

    package func send(_ request: KubeRequest) async throws -> KubeResponse {
        if !request.isFurtherPage { try await bucket.take() }
        let credentials = try await self.credentials.current()
        let generation = try generation(for: credentials)
        let response = try await send(request, credentials, by: generation)
        guard response.status == 401 else { return response }
        reloadSoon()
        let fresh: Credentials
        do {
            fresh = try await self.credentials.replacement(for: credentials)
        } catch let error as KubeError {
            logger.warning("\(configuration.server) refused the credentials, and there are no others: \(error)")
            return response
        }
        let freshGeneration = try self.generation(for: fresh)
        guard fresh != credentials || freshGeneration !== generation else { return response }
        return try await send(request, fresh, by: freshGeneration)
    }

    /// Ends all requests. Later ones fail.
    package func close() async {
        let generations = state.withLock { state in
            var generations = state.retired.compactMap(\.generation)
            if case .open(let generation) = state.phase { generations.append(generation) }
            state.phase = .closed
            state.retired = []
            return generations
        }
        for generation in generations { try? await generation.client.shutdown() }
    }

    private func send(
        _ request: KubeRequest, _ credentials: Credentials, by generation: ClientGeneration
    ) async throws -> KubeResponse {
        let http = try request.http(for: configuration, credentials: credentials)
        do {
            let exchange = Exchange(request, server: configuration.server, eventLoop: eventLoop)
            return try await exchange.response(to: http, from: generation)
        } catch let error as KubeError {
            // The server may have a new CA, or no longer take the client's certificate.
            reloadSoon()
            throw error
        }
    }
}

extension KubeConnection {
    private func reloadSoon() { state.withLock { $0.nextReload = .now } }

    /// The client with the certificates that are valid now: a new one where they have changed.
    ///
    /// - Throws: `KubeError`, also where a plugin's certificate cannot be used. Files that cannot be used leave what was.
    private func generation(for credentials: Credentials) throws(KubeError) -> ClientGeneration {
        let (phase, isDue) = state.withLock { state in
            let isDue = ContinuousClock.now >= state.nextReload || credentials.certificate != nil
            if isDue { state.nextReload = .now + limits.fileReloadInterval }
            return (state.phase, isDue)
        }
        guard case .open(let old) = phase else { throw closed }
        guard isDue else { return old }
        do {
            let material = try TLSMaterial(configuration.tls, credentials: credentials)
            guard material != old.material else { return old }
            let new = try ClientGeneration(
                configuration, material: material, limits: limits, eventLoop: eventLoop)
            logger.info("certificates for \(configuration.server) have changed: new connections use them")
            return try replace(old, by: new)
        } catch let error as KubeConfigError {
            guard credentials.certificate == nil else { throw .configuration("\(configuration.placed(error))") }
            logger.warning("\(configuration.placed(error)); going on with the certificates of before")
            return old
        } catch let error as KubeError {
            throw error
        } catch {
            throw .configuration("\(error)")
        }
    }

    /// The new one, or the one by which another request was faster to replace the old one.
    private func replace(_ old: ClientGeneration, by new: ClientGeneration) throws(KubeError) -> ClientGeneration {
        let current = state.withLock { state -> ClientGeneration? in
            guard case .open(let current) = state.phase else { return nil }
            guard current === old || current.material != new.material else { return current }
            state.phase = .open(new)
            state.retired.removeAll { $0.generation == nil }
            state.retired.append(Retired(generation: current))
            return new
        }
        guard let current else { throw closed }
        return current
    }

    private var closed: KubeError {
        .unreachable(server: "\(configuration.server)", cause: "the client was closed")
    }
}

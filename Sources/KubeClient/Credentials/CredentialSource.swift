import FoundationEssentials
import KubeAPI
import Logging

/// Has the credentials that are valid now, and gets new ones when they expire or are refused.
actor CredentialSource {
    private struct Cached {
        let credentials: Credentials
        /// When they are to be got anew; nil for never.
        let end: Timestamp?
    }

    private let method: CredentialMethod
    private let limits: CredentialLimits
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private var cached: Cached?
    /// At most one at a time gets new ones.
    private var renewal: Task<Credentials, any Error>?

    /// - Parameter now: the wall clock, which plugins' credentials expire by.
    init(
        _ method: CredentialMethod, limits: CredentialLimits, logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.method = method
        self.limits = limits
        self.logger = logger
        self.now = now
    }

    /// - Throws: `KubeError.configuration` where there are none; `CancellationError`.
    func current() async throws -> Credentials {
        if let cached, cached.end.map({ now() < $0 }) ?? true { return cached.credentials }
        return try await renewed()
    }

    /// Gets other credentials in place of those that the server refused. Equal ones are all that there are.
    func replacement(for refused: Credentials) async throws -> Credentials {
        if let cached, cached.credentials != refused { return cached.credentials }
        switch method {
        case .none, .token, .basic: return refused
        case .tokenFile, .exec: return try await renewed()
        }
    }

    private func renewed() async throws -> Credentials {
        while true {
            let task = renewal ?? startRenewal()
            do {
                return try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
            } catch is CancellationError {
                // It was cancelled for one of those who waited for it, and perhaps not for this one.
                try Task.checkCancellation()
            }
        }
    }

    private func startRenewal() -> Task<Credentials, any Error> {
        let task = Task {
            defer { renewal = nil }
            let new = try await obtain()
            cached = new
            return new.credentials
        }
        renewal = task
        return task
    }

    private func obtain() async throws -> Cached {
        switch method {
        case .none: return Cached(credentials: Credentials(), end: nil)
        case .token(let token): return Cached(credentials: Credentials(bearer: token), end: nil)
        case .basic(let username, let password):
            return Cached(credentials: Credentials(username: username, password: password), end: nil)
        case .tokenFile(let path, let otherwise): return try read(path, otherwise: otherwise)
        case .exec(let plugin):
            let credentials = try await plugin.run(limits: limits)
            return Cached(credentials: credentials, end: credentials.expiry)
        }
    }

    /// A file that cannot be read leaves the token as it was.
    private func read(_ path: String, otherwise: Secret?) throws(KubeError) -> Cached {
        let end = now().advanced(by: limits.tokenFileAge)
        do {
            return Cached(credentials: Credentials(bearer: try TokenFile.read(path)), end: end)
        } catch {
            guard let old = cached?.credentials ?? otherwise.map(Credentials.init(bearer:)) else {
                throw .configuration("token file \(error)")
            }
            logger.warning("token file \(error); going on with the token of before")
            return Cached(credentials: old, end: end)
        }
    }
}

extension Timestamp {
    fileprivate func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            microsecondsSinceEpoch: microsecondsSinceEpoch + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}

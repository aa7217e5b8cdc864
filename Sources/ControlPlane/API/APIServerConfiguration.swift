import NIOSSL
import Net

/// How the API is served.
package struct APIServerConfiguration: Sendable {
    package var address: IPAddress
    /// 0 lets the kernel choose.
    package var port: UInt16
    /// More wait until one is closed, but for a few that come at the same moment as the last.
    package var maximumConnections: Int
    /// How many requests that change nothing may be worked on at once, without watches (kube-apiserver's
    /// `--max-requests-inflight`).
    package var maximumRequestsInFlight = 400
    /// How many others (`--max-mutating-requests-inflight`).
    package var maximumMutatingRequestsInFlight = 200
    /// How long a request other than a watch may take, from its head until its answer has been read; then its connection is
    /// closed (`--request-timeout`).
    package var requestLimit: Duration = .seconds(60)
    /// After which a connection on which nothing whole comes is closed: between requests, and in the head of one.
    package var idleLimit: Duration = .seconds(90)
    /// How many events may wait for a client to read before its watch is ended.
    package var watchCapacity: Int
    /// How often a watch that allows bookmarks gets one.
    package var bookmarkInterval: Duration
    /// How long a watch goes on that names no time: this and up to as much again, so that not all clients come back
    /// at once (kube-apiserver's `--min-request-timeout`).
    package var minimumWatchTimeout: Duration
    /// How long a client may take to read what is left when its watch has ended, or the server shuts down.
    package var drainLimit: Duration
    /// HTTPS; nil for HTTP.
    package var tls: TLSConfiguration?
    /// Who may do what.
    package var security = APISecurity.open
    /// Signs service accounts' tokens; nil where none are given out.
    package var tokens: ServiceAccountTokens?
    /// Where requests are counted; nil for nowhere else.
    package var metrics: APIMetrics?

    package init(
        address: IPAddress = IPAddress(v4: 0x7F00_0001), port: UInt16 = 0, maximumConnections: Int = 8192,
        watchCapacity: Int = 4096, bookmarkInterval: Duration = .seconds(60),
        minimumWatchTimeout: Duration = .seconds(1800), drainLimit: Duration = .seconds(5)
    ) {
        self.address = address
        self.port = port
        self.maximumConnections = maximumConnections
        self.watchCapacity = watchCapacity
        self.bookmarkInterval = bookmarkInterval
        self.minimumWatchTimeout = minimumWatchTimeout
        self.drainLimit = drainLimit
    }

    /// How long a watch goes on for which the client names `requestedSeconds`.
    func watchTimeout(requestedSeconds: Int64?) -> Duration {
        // A year, so that no clock overflows.
        if let requestedSeconds { return .seconds(min(requestedSeconds, 365 * 24 * 3600)) }
        return minimumWatchTimeout * Double.random(in: 1..<2)
    }
}

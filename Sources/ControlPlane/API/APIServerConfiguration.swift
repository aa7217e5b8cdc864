import NIOSSL
import Net

/// How the API is served.
package struct APIServerConfiguration: Sendable {
    package var address: IPAddress
    /// 0 lets the kernel choose.
    package var port: UInt16
    /// More wait until one is closed, but for a few that come at the same moment as the last.
    package var maximumConnections: Int
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

    package init(
        address: IPAddress = IPAddress(v4: 0x7F00_0001), port: UInt16 = 0, maximumConnections: Int = 1024,
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

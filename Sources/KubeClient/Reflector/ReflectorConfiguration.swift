import Logging

/// What a reflector follows, and how it behaves towards the API server.
package struct ReflectorConfiguration: Sendable {
    /// `!service.kubernetes.io/headless`; empty for all objects.
    package var labelSelector = ""
    /// `metadata.name=node-1`; empty for all objects.
    package var fieldSelector = ""
    /// Servers may not have this kind, or may not allow it to be read: `.synced` comes then, too.
    package var isOptional = false
    /// Objects in a page of a list.
    package var pageSize = 500
    /// The first list is one of the server's watch cache, of any version, as client-go's was before lists in watches: the
    /// server needs half the time for it, or less. Lists that follow come in a watch where the server has that.
    package var beginsWithCachedList = false

    /// How long to wait for the head of a list's answer. A server ends a list itself after 60 s.
    package var listHeadTimeout: Duration = .seconds(70)
    /// How long a list may bring nothing.
    package var listIdleTimeout: Duration = .seconds(30)
    /// How long a list in a watch (KEP-3157) may bring nothing. A server that does not know such lists says nothing at
    /// their end: after this time lists in pages are used.
    package var streamingListIdleTimeout: Duration = .seconds(10)
    /// How long to wait for the head of a watch's answer.
    package var watchHeadTimeout: Duration = .seconds(30)
    /// How long a watch may bring nothing. A server sends a bookmark every 60 to 75 s (storage/cacher/cacher.go,
    /// `bookmarkFrequency`): this is two of them.
    package var watchIdleTimeout: Duration = .seconds(150)
    /// What the server is asked to end a watch after, at random.
    package var watchTimeoutSeconds = 300...600

    package var backoff = Backoff()
    /// An answer that lasted for less is followed by a pause, whatever its end.
    package var shortAnswer: Duration = .seconds(1)
    /// An answer that lasted for so long makes pauses start small again.
    package var backoffResetAfter: Duration = .seconds(120)
    /// For how long a server that has answered before, and to which there is no connection now, is asked again without
    /// growing pauses: it restarts. client-go's pauses grow, so that it may notice half a minute late.
    var restartPatience: Duration = .seconds(60)
    /// The greatest `Retry-After` that is believed.
    package var retryAfterLimitSeconds = 300
    /// How long an optional kind that is not there is left alone.
    package var optionalRetry: Duration = .seconds(600)
    /// How long a server that refused lists in a watch is not asked for one.
    package var streamingListRetry: Duration = .seconds(3600)

    package var clock = ClientClock.continuous
    package var randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    package var logger: Logger

    package init(logger: Logger) { self.logger = logger }
}

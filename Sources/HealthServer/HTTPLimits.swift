import NIOCore
import NIOHTTP1

/// What bounds the work and the memory that clients of a server can cause, and the attempts to listen.
package struct HTTPLimits: Sendable {
    /// Open connections of one listener; one more is closed at once.
    package var connections = 128
    /// How long a connection may live, whatever its client does.
    package var connectionTime: TimeAmount = .seconds(5)
    /// The first wait after a failed attempt to listen; doubled with each.
    package var firstRetryDelay: TimeAmount = .milliseconds(500)
    package var longestRetryDelay: TimeAmount = .seconds(30)

    package init() {}

    /// What a request line with its header fields may have.
    var request: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 << 10
        limits.maxHeaderListSize = 16 << 10
        limits.maxHeaderFieldCount = 64
        return limits
    }

    func retryDelay(afterFailures failures: Int) -> TimeAmount {
        let delay = firstRetryDelay.nanoseconds << min(failures, 16)
        return min(.nanoseconds(delay), longestRetryDelay)
    }
}

import KubeAPI

/// A server cannot listen.
package struct BindFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// For people: "health check server of Service default/web".
    package let server: String
    /// Whose health check server it is; nil for a server of the proxy itself.
    package var service: ObjectName?
    package let place: ListenAddress
    /// In the kernel's words.
    package let cause: String

    init(server: String, place: ListenAddress, cause: String) {
        self.server = server
        self.place = place
        self.cause = cause
    }

    package var description: String { "\(server) cannot listen on \(place): \(cause)" }
}

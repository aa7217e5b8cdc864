import AsyncHTTPClient
import KubeAPI

/// A request to an API server.
package struct KubeRequest: Sendable {
    package var method = "GET"
    /// "/api/v1/services", without the server's own prefix.
    package var path: String
    /// In the order in which they are sent; not encoded yet.
    package var query: [(name: String, value: String)] = []
    package var headers: [(name: String, value: String)] = []
    /// JSON; nil for none.
    package var body: [UInt8]?
    /// How long to wait for the head of the answer.
    package var headTimeout: Duration = .seconds(30)
    /// How long the body may bring nothing before the connection is given up: the way in which one that is open on this
    /// side only is found.
    package var idleTimeout: Duration = .seconds(60)
    /// A further page of a list. It is not counted against `--kube-api-qps`: a server that makes pages of 10,000 Services would be
    /// asked for seconds (client-go counts each).
    package var isFurtherPage = false

    package init(_ path: String) { self.path = path }
}

/// The answer to a request, its body still to come.
package struct KubeResponse: Sendable {
    package let status: Int
    /// `Retry-After`, where the server says so in seconds: a date is none, as for client-go.
    package let retryAfterSeconds: Int?
    /// Decompressed already. Throws when the connection breaks or stays silent for too long.
    package let body: HTTPClientResponse.Body

    package init(status: Int, retryAfterSeconds: Int? = nil, body: HTTPClientResponse.Body) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
    }
}

/// Sends requests to one API server with the credentials that are valid now.
package protocol KubeTransport: Sendable {
    /// Sends one request and waits for the head of its answer, whatever its status. A 401 has been tried again once
    /// with fresh credentials before it is handed out.
    ///
    /// - Throws: `KubeError`; `CancellationError`.
    func send(_ request: KubeRequest) async throws -> KubeResponse
}

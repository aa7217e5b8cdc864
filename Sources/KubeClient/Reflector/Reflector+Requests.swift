import AsyncHTTPClient
import FoundationEssentials
import KubeAPI
import NIOCore

extension Reflector {
    /// Asks the server, and reads what it answers to the end.
    ///
    /// - Returns: whether a page came completely; a watch only ever ends.
    func answer(to request: ReflectorRequest, _ end: inout ReflectorPlan.End) async throws -> Bool {
        update { status in
            if case .list = request { status.lists += 1 } else { status.watches += 1 }
        }
        (pieces, lines) = (0, 0)
        let response = try await transport.send(kubeRequest(request))
        guard response.status == 200 else { throw try await Self.refusal(response) }
        end.wasOpened = true
        update { $0.isConnected = true }
        if request.beginsList {
            names.beginList()
            hasNamelessObject = false
        }
        switch request {
        case .list:
            try await readPage(response.body)
            return true
        case .watch: try await readWatch(response.body)
        case .streamingList: try await readStreamingList(response.body)
        }
        return false
    }

    private func kubeRequest(_ request: ReflectorRequest) -> KubeRequest {
        var kubeRequest = KubeRequest(Object.resource.collectionPath())
        kubeRequest.headers = [("Accept", "application/json")]
        let selectors = [
            ("labelSelector", configuration.labelSelector), ("fieldSelector", configuration.fieldSelector),
        ]
        var query = selectors.filter { !$0.1.isEmpty }
        switch request {
        case .list(let page):
            if !page.continueToken.isEmpty {
                query.append(("continue", page.continueToken))
                kubeRequest.isFurtherPage = true
            } else if !page.resourceVersion.isEmpty {
                query.append(("resourceVersion", page.resourceVersion))
            }
            if let limit = page.limit { query.append(("limit", "\(limit)")) }
            kubeRequest.headTimeout = configuration.listHeadTimeout
            kubeRequest.idleTimeout = configuration.listIdleTimeout
        case .watch(let version): query += watchQuery(kubeRequest: &kubeRequest, version)
        case .streamingList(let version):
            query += watchQuery(kubeRequest: &kubeRequest, version)
            query += [("sendInitialEvents", "true"), ("resourceVersionMatch", "NotOlderThan")]
        }
        kubeRequest.query = query.map { (name: $0.0, value: $0.1) }
        return kubeRequest
    }

    private func watchQuery(kubeRequest: inout KubeRequest, _ version: String) -> [(String, String)] {
        kubeRequest.headTimeout = configuration.watchHeadTimeout
        kubeRequest.idleTimeout = configuration.watchIdleTimeout
        let query = [
            ("watch", "1"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", "\(plan.watchTimeoutSeconds())"),
        ]
        return version.isEmpty ? query : query + [("resourceVersion", version)]
    }

    /// What a server says that refuses. Something between it and us may answer in its place, with anything.
    private static func refusal(_ response: KubeResponse) async throws -> ReflectorFailure {
        var body = ByteBuffer()
        for try await piece in response.body {
            body.writeImmutableBuffer(piece)
            if body.readableBytes > 1 << 16 { break }
        }
        try Task.checkCancellation()
        let data = Data(body.readableBytesView)
        let status = (try? JSON.decode(Status.self, from: data)).flatMap { $0.code == 0 ? nil : $0 }
        return ReflectorFailure(
            status ?? Status(code: response.status, reason: "HTTP \(response.status)", message: ""),
            code: response.status, retryAfterSeconds: response.retryAfterSeconds)
    }
}

extension FakeCluster {
    /// Answers as an API server does.
    func serve(_ request: ServedRequest, _ answer: ServerAnswer) async throws {
        if request.isWatch {
            try await serveWatch(request, answer)
        } else {
            let (status, body) = list(request)
            try await answer.full(status, [], body)
        }
    }

    /// A page of a list.
    func list(_ request: ServedRequest) -> (status: Int, body: String) {
        state.withLock { state in
            var start: String?
            var version = state.version
            if let token = request.query["continue"] {
                let parts = token.split(separator: "/", maxSplits: 1)
                version = Int(parts[0]) ?? 0
                start = String(parts[1])
                guard version >= state.compacted, state.snapshots[version] != nil else {
                    return (410, ServerText.expired)
                }
            } else if let wanted = request.query["resourceVersion"].flatMap({ Int($0) }), wanted > version {
                return (504, ServerText.tooNew)
            }
            let all = state.snapshots[version] ?? state.services
            state.snapshots[version] = all
            var names = all.keys.filter { $0 > start ?? "" }.sorted()
            var token = ""
            if let limit = request.query["limit"].flatMap({ Int($0) }), names.count > limit {
                names = Array(names.prefix(limit))
                token = "\(version)/\(names[limit - 1])"
            }
            let items = names.map { name in
                ServerText.object(name, all[name], isReadable: !state.unreadable.contains(name))
            }
            return (200, ServerText.list(version: version, continueToken: token, items: items))
        }
    }

    private func serveWatch(_ request: ServedRequest, _ answer: ServerAnswer) async throws {
        let beginning = begin(request)
        guard case .open(let id, let lines, var sent, let orders) = beginning else {
            if case .refused(let status, let body) = beginning { try await answer.full(status, [], body) }
            return
        }
        defer { state.withLock { $0.watches[id] = nil } }
        try await answer.head()
        try await answer.chunk(lines)
        for await order in orders {
            // Both at one moment: a version is told only after all changes up to it.
            let (version, pending) = state.withLock { state in
                let changes = state.changes.filter { $0.version > sent }
                return (
                    state.version,
                    changes.map { ServerText.line($0, isReadable: !state.unreadable.contains($0.name)) }
                )
            }
            try await answer.chunk(pending.joined())
            sent = max(sent, version)
            if try await obey(order, version, sent, answer) { return }
        }
    }

    /// - Returns: whether the watch is over.
    private func obey(_ order: Order, _ version: Int, _ sent: Int, _ answer: ServerAnswer) async throws -> Bool {
        switch order {
        case .changed: return false
        case .bookmark:
            // As upstream: none of before the watch's own version.
            if version >= sent { try await answer.chunk(ServerText.bookmark(version)) }
            return false
        case .end: try await answer.end()
        case .partialLine:
            try await answer.chunk(#"{"type":"DELETED","object":{"metadata":{"na"#)
            try await answer.end()
        case .partialChunk: try await answer.cutChunk(#"{"type":"ADDED","obj"#)
        case .reset: try await answer.reset()
        case .garbage:
            try await answer.chunk("<html>504 from something in between</html>\n")
            try await answer.end()
        case .error(let status):
            try await answer.chunk("{\"type\":\"ERROR\",\"object\":\(status)}\n")
            try await answer.end()
        case .silence: try await answer.silence()
        }
        return true
    }

    private enum Beginning {
        case refused(Int, String)
        case open(id: Int, lines: String, version: Int, orders: AsyncStream<Order>)
    }

    private func begin(_ request: ServedRequest) -> Beginning {
        state.withLock { state in
            let wanted = request.query["resourceVersion"].flatMap { Int($0) }
            var lines: [String] = []
            var version = wanted ?? state.version
            switch (request.isStreamingList, state.streaming) {
            case (true, .refused(let status)): return .refused(status, ServerText.invalid(status))
            case (true, .offered):
                if version > state.version { return .refused(504, ServerText.tooNew) }
                version = state.version
                lines = state.objectLines + [ServerText.bookmark(version, endsInitialList: true)]
            default:
                if wanted == nil { lines = state.objectLines }
                if version < state.compacted {
                    guard state.tellsExpiryInWatch else { return .refused(410, ServerText.expired) }
                    lines = ["{\"type\":\"ERROR\",\"object\":\(ServerText.expired)}\n"]
                }
            }
            let (orders, continuation) = AsyncStream<Order>.makeStream()
            // What came since the version that was asked for.
            continuation.yield(.changed)
            let id = state.nextWatch
            state.nextWatch += 1
            state.watches[id] = continuation
            return .open(id: id, lines: lines.joined(), version: version, orders: orders)
        }
    }
}

extension FakeCluster.State {
    fileprivate var objectLines: [String] {
        services.sorted { $0.key < $1.key }.map { name, service in
            let object = ServerText.object(name, service, isReadable: !unreadable.contains(name))
            return "{\"type\":\"ADDED\",\"object\":\(object)}\n"
        }
    }
}

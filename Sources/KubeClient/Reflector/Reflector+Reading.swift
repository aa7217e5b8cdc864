import AsyncHTTPClient
import KubeAPI
import NIOCore

extension Reflector {
    /// Reads one page of a list and hands out its objects as they come.
    func readPage(_ body: HTTPClientResponse.Body) async throws {
        var reader = ListReader<Object>()
        for try await piece in body {
            try Task.checkCancellation()
            try reader.read(piece.readableBytesSpan) { item in
                switch item {
                case .success(let object): apply(object)
                case .failure(let object): skip(object)
                }
            }
        }
        // A cancelled task sees the end of the body.
        try Task.checkCancellation()
        let isComplete = try plan.pageRead(try reader.finish())
        answeredWell()
        if isComplete { finishList() }
    }

    /// Reads a watch that began with a list. A server that does not know such lists is silent at the list's end.
    func readStreamingList(_ body: HTTPClientResponse.Body) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await self.readWatch(body)
                return true
            }
            group.addTask {
                try await self.waitForEndOfList()
                return false
            }
            for try await isRead in group where isRead { return }
        }
    }

    private func waitForEndOfList() async throws {
        var before = -1
        while case .streamingList = plan.request {
            guard pieces != before else {
                throw ReflectorFailure(.endless, "the server does not say where the list in a watch ends")
            }
            before = pieces
            try await configuration.clock.sleep(configuration.streamingListIdleTimeout)
        }
    }

    /// Reads a watch to its end. A line without its end is left out: the next watch brings it again.
    func readWatch(_ body: HTTPClientResponse.Body) async throws {
        var reader = WatchReader<Object>()
        for try await piece in body {
            try Task.checkCancellation()
            pieces += 1
            let before = lines
            var failure: ReflectorFailure?
            defer { if lines > before { watchProgressed() } }
            try reader.read(piece.readableBytesSpan) { line in
                guard failure == nil else { return }
                failure = take(line)
                if failure == nil { lines += 1 }
            }
            if let failure { throw failure }
        }
        try Task.checkCancellation()
    }

    /// - Returns: why the watch cannot go on.
    private func take(_ line: WatchLine<Object>) -> ReflectorFailure? {
        switch line {
        case .applied(let object):
            apply(object)
            plan.changed(to: object.metadata.resourceVersion ?? "")
        case .unreadable(let object, let version):
            skip(object)
            plan.changed(to: version)
        case .deleted(let name, let version):
            _ = unreadable.remove(name)
            if names.remove(name) { sink(.deleted(name)) }
            plan.changed(to: version)
        case .error(let status): return ReflectorFailure(watchError: status)
        case .bookmark(let version, let endsInitialList):
            switch plan.bookmark(version, endsInitialList: endsInitialList) {
            case .progress: break
            case .endOfList: finishList()
            case .failure(let failure): return failure
            }
        }
        return nil
    }

    private func watchProgressed() {
        answeredWell()
        update { status in
            status.resourceVersion = plan.resourceVersion
            status.objects = names.count
        }
    }

    private func apply(_ object: Object) {
        let name = ObjectName(object.metadata)
        names.insert(name)
        if unreadable.remove(name) {
            configuration.logger.notice("\(object.reference): can be read again")
        }
        sink(.applied(object))
    }

    /// The last version of it that could be read stays.
    private func skip(_ object: UnreadableObject) {
        if let name = object.name { names.insert(name) } else { hasNamelessObject = true }
        if unreadable.insert(object) {
            configuration.logger.warning("\(object); what was known of it stays")
        }
    }

    private func finishList() {
        if !hasNamelessObject {
            for name in names.takeGone() {
                _ = unreadable.remove(name)
                sink(.deleted(name))
            }
        }
        update { status in
            status.resourceVersion = plan.resourceVersion
            status.objects = names.count
        }
        announceSynced()
    }
}

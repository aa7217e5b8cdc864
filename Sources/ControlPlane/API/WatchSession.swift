import Hummingbird
import HummingbirdCore
import KubeAPI
import NIOCore
import ServiceLifecycle
import Storage

/// One watch of one client, from its first event to its end.
struct WatchSession: Sendable {
    let store: any KeyValueStore
    let configuration: APIServerConfiguration
    let resource: ServedResource
    let namespace: String?
    let options: ReadOptions
    let representation: Representation

    /// Writes until the client goes, the time is over, the client is too slow, or the server shuts down.
    ///
    /// - Parameter requestBody: ends with the client's side of the connection.
    /// - Throws: what writing throws.
    func run(
        watching requestBody: RequestBody, on channel: any Channel, to writer: inout any ResponseBodyWriter
    ) async throws {
        let inbox = WatchInbox(capacity: configuration.watchCapacity)
        var output = WatchOutput(
            writer: writer, resource: resource, selection: options.selection, representation: representation)
        try await withGracefulShutdownHandler {
            try await requestBody.consumeWithInboundCloseHandler { _ in
                try await withThrowingTaskGroup { group in
                    addTimers(to: &group, inbox, channel)
                    defer { group.cancelAll() }
                    try await follow(inbox, &output)
                }
            } onInboundClosed: {
                inbox.end(.clientGone)
            }
        } onGracefulShutdown: {
            inbox.end(.shuttingDown)
        }
    }

    private func addTimers(
        to group: inout ThrowingTaskGroup<Void, any Error>, _ inbox: WatchInbox, _ channel: any Channel
    ) {
        let timeout = configuration.watchTimeout(requestedSeconds: options.timeoutSeconds)
        group.addTask {
            try await Task.sleep(for: timeout)
            inbox.end(.timedOut)
        }
        let drainLimit = configuration.drainLimit
        group.addTask {
            // A client that does not read must not hold the end up.
            try await inbox.ended.wait()
            try await Task.sleep(for: drainLimit)
            channel.close(promise: nil)
        }
        guard options.allowWatchBookmarks else { return }
        let interval = configuration.bookmarkInterval
        group.addTask {
            while true {
                try await Task.sleep(for: interval)
                inbox.askForBookmark()
            }
        }
    }

    /// Writes the start and then what comes into the inbox.
    private func follow(_ inbox: WatchInbox, _ output: inout WatchOutput) async throws {
        let registration: WatchRegistration
        do {
            registration = try await begin(inbox, &output)
        } catch let status as Status {
            return try await output.write(try WatchLines.error(status))
        }
        defer { registration.cancel() }
        while true {
            let delivery = await inbox.next()
            try await output.write(delivery.events)
            switch delivery.ending {
            case nil: if delivery.bookmarkIsDue { try await writeBookmark(inbox, &output) }
            case .timedOut:
                // So that the next watch begins where this one ends.
                if options.allowWatchBookmarks { try await writeBookmark(inbox, &output) }
                return
            case .overflowed:
                let error = StorageError.watchExpired(capacity: inbox.capacity)
                return try await output.write(try WatchLines.error(error.status))
            case .shuttingDown, .clientGone: return
            }
        }
    }

    /// Writes the objects that the watch begins with, if it does, and lets the inbox have all changes from there on.
    ///
    /// - Throws: `Status` when the watch cannot begin where it should.
    private func begin(_ inbox: WatchInbox, _ output: inout WatchOutput) async throws -> WatchRegistration {
        let prefix = resource.kind.prefix(namespace: namespace)
        do {
            guard sendsInitialEvents else { return try await store.watch(prefix: prefix, from: start, sink: inbox.put) }
            if let revision = options.revision {
                let current = try await store.revision
                guard revision <= current else { throw Status.tooLarge(revision, current: current) }
            }
            let list = try await store.range(RangeRequest(.prefix(prefix)))
            let registration = try await store.watch(prefix: prefix, from: .after(list.revision), sink: inbox.put)
            do {
                try await output.writeInitial(list.pairs)
                if options.allowWatchBookmarks {
                    try await output.writeBookmark(list.revision, endsInitialEvents: true)
                }
            } catch {
                registration.cancel()
                throw error
            }
            return registration
        } catch let error as StorageError {
            throw Self.status(error)
        }
    }

    /// Asked for, or as upstream has it where no resource version is given or any will do
    /// (internalversion/defaults.go).
    private var sendsInitialEvents: Bool {
        options.sendInitialEvents ?? ((options.revision ?? 0) == 0)
    }

    private var start: WatchStart {
        guard let revision = options.revision, revision > 0 else { return .now }
        return .after(revision)
    }

    /// Says that all changes up to the store's revision have been sent. As a store has called its sinks before its
    /// revision is to be seen, those are in the inbox at the latest now.
    private func writeBookmark(_ inbox: WatchInbox, _ output: inout WatchOutput) async throws {
        guard let revision = try? await store.revision else { return }
        try await output.write(inbox.takeEvents())
        // The client has a later version already where more was in the inbox.
        guard output.lastRevision <= revision else { return }
        try await output.writeBookmark(revision, endsInitialEvents: false)
    }

    private static func status(_ error: StorageError) -> Status {
        switch error {
        case .compacted(let requested, let oldest): .tooOld(requested, oldest: oldest)
        // The version of a store that was here before this one: to wait for it would be to miss all changes until then.
        case .future(let requested, let current):
            .expired("too large resource version: \(requested), current: \(current)")
        default: error.status
        }
    }
}

import APIMachinery
import KubeAPI
import Storage

/// Events are for those who look soon: what nobody has repeated for an hour goes (kube-apiserver's `--event-ttl`), so that
/// their number is bounded by how many come in that time.
extension Registry {
    static let eventLifetimeSeconds: Int64 = 3600
    private static let expiryInterval: Duration = .seconds(60)

    private static let eventTimes = FieldMask([
        "metadata.creationTimestamp", "lastTimestamp", "firstTimestamp", "eventTime", "series.lastObservedTime",
    ])

    /// Deletes expired events once a minute, until the task is cancelled.
    package func expireEvents() async throws {
        while true {
            try await Task.sleep(for: Self.expiryInterval)
            // A store that cannot be written is everybody's trouble, and told elsewhere.
            _ = try? await deleteEvents(
                lastSeenBefore: Timestamp.now.microsecondsSinceEpoch
                    - Self.eventLifetimeSeconds * 1_000_000)
        }
    }

    /// Deletes the events that were seen last before a time.
    ///
    /// - Parameter microseconds: since the epoch.
    /// - Returns: how many.
    @discardableResult
    func deleteEvents(lastSeenBefore microseconds: Int64) async throws(Status) -> Int {
        let kind = try kind(.events)
        do throws(StorageError) {
            var count = 0
            for pair in try await store.range(RangeRequest(.prefix(kind.keyPrefix))).pairs {
                guard let object = try? kind.decode(ObjectRecord(pair), keeping: Self.eventTimes),
                    let seen = object.lastSeen, seen.microsecondsSinceEpoch < microseconds
                else { continue }
                do throws(StorageError) {
                    _ = try await store.commit(
                        Transaction(if: [.unchanged(pair.key, since: pair.modRevision)], [.delete(pair.key)]))
                    count += 1
                } catch {
                    // One that is written meanwhile has a new hour.
                    guard case .conflict = error else { throw error }
                }
            }
            return count
        } catch {
            throw error.status
        }
    }
}

extension Unstructured {
    /// When an event was last seen; nil for one that says no time.
    fileprivate var lastSeen: Timestamp? {
        [
            self["lastTimestamp"], self[["series", "lastObservedTime"]], self["eventTime"], self["firstTimestamp"],
            self[["metadata", "creationTimestamp"]],
        ].compactMap { $0?.string.flatMap { Timestamp($0) } }.max()
    }
}

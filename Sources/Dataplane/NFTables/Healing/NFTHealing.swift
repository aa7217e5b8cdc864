import Net
import Netlink

/// What the back end keeps to notice and repair what others do to its tables.
struct NFTHealing: ~Copyable, Sendable {
    /// Nil when nobody is to be listened to.
    var monitor: NFTMonitor?
    var damage = NFTDamage()
    /// Since when the end of a transaction is waited for.
    var openSinceNanoseconds: UInt64?
    /// How many elements each set has, by what was written.
    private(set) var elementCounts: [IPFamily: [String: Int]] = [:]
    /// The objects of each table as of the last verification; nil after some were written.
    var structures: [IPFamily: NFTStructure] = [:]
    var verification: NFTVerification?
    var backOff = RepairBackOff()
    /// Of the last transaction, where the kernel refused it.
    private(set) var lastRefusal: NetlinkError?

    let newsDescriptor: Int32?

    /// - Parameters:
    ///   - socket: what writes the tables; its transactions are no news.
    ///   - listens: whether anybody tells of what others do.
    init(
        _ socket: borrowing NFTSocket, listens: Bool, bufferByteCount: Int? = nil
    ) throws(NetlinkError) {
        guard listens else {
            newsDescriptor = nil
            return
        }
        let monitor = try NFTMonitor(
            tableName: NFTLayout.tableName, except: socket,
            receiveBufferByteCount: bufferByteCount ?? Self.bufferByteCount)
        newsDescriptor = monitor.rawDescriptor
        self.monitor = consume monitor
    }

    /// The kernel queues some 120,000 changed elements in it before it drops news, and takes no memory before that.
    private static let bufferByteCount = 8 << 20

    /// From so many objects and elements on, a transaction is not listened to: the kernel would make a message for each, at 2 µs and a
    /// page of memory until the end of the transaction. To leave and to come back takes 10 µs.
    static let unheardCount = 64

    mutating func takeNews() {
        var taken = damage
        damage = NFTDamage()
        // What is left after so many is for the next call, which the poller asks for.
        do throws(NetlinkError) {
            _ = try monitor?.drain { taken.add($0) }
        } catch {
            taken.isUnknown = true
        }
        damage = taken
    }

    /// Commits a batch; without listening, where that would cost more than to find out whether somebody else did something
    /// meanwhile.
    mutating func commit(_ batch: inout NFTBatch, over socket: inout NFTSocket) throws(NetlinkError) {
        lastRefusal = nil
        do throws(NetlinkError) {
            try commitUnheard(&batch, over: &socket)
        } catch {
            lastRefusal = error
            throw error
        }
    }

    private mutating func commitUnheard(
        _ batch: inout NFTBatch, over socket: inout NFTSocket
    ) throws(NetlinkError) {
        guard monitor != nil, batch.elementCount + batch.objectCount >= Self.unheardCount else {
            return try socket.commit(&batch)
        }
        // In this order somebody else's transaction may be counted and told of both, but never neither.
        let before = try? socket.generation()
        try? monitor?.listen(false)
        do throws(NetlinkError) {
            try socket.commit(&batch)
        } catch {
            listenAgain(since: before, own: 0, socket: &socket)
            throw error
        }
        listenAgain(since: before, own: 1, socket: &socket)
    }

    private mutating func listenAgain(since before: UInt32?, own: UInt32, socket: inout NFTSocket) {
        do throws(NetlinkError) { try monitor?.listen(true) } catch { damage.isUnknown = true }
        // Where the number starts again it looks as if there had been somebody else.
        guard let before, let after = try? socket.generation(), after == before &+ own else {
            damage.isUnknown = true
            return
        }
    }

    /// Remembers what a transaction that the kernel has acknowledged did.
    mutating func record(_ batch: borrowing NFTBatch, replaced: Set<IPFamily>) {
        for family in replaced {
            elementCounts[family] = [:]
            structures[family] = nil
        }
        if batch.objectCount > 0 { structures = [:] }
        var counts = elementCounts
        elementCounts = [:]
        batch.forEachBalance { table, set, elements in counts[table.family, default: [:]][set, default: 0] += elements }
        elementCounts = counts
    }
}

/// Lets repairs happen at once, unless they repeat: somebody who changes again whatever is repaired must not take the
/// processor.
package struct RepairBackOff: Sendable {
    /// Repairs that happen at once, and how long it takes until there is one more of them.
    static let burst = 20
    static let refillNanoseconds: UInt64 = 500_000_000
    static let maximumDelayNanoseconds: UInt64 = 2_000_000_000
    private static let firstDelayNanoseconds: UInt64 = 10_000_000

    private var left = Self.burst
    private var refilledNanoseconds: UInt64 = 0
    private var delayNanoseconds: UInt64 = 0
    /// When the next repair may happen.
    package private(set) var notBeforeNanoseconds: UInt64 = 0

    package init() {}

    package mutating func repaired(at now: UInt64) {
        let refills = (now - min(refilledNanoseconds, now)) / Self.refillNanoseconds
        if refills > 0 {
            left = Int(min(UInt64(left) + refills, UInt64(Self.burst)))
            refilledNanoseconds = now
        }
        if left > 0 {
            left -= 1
            delayNanoseconds = 0
        } else {
            delayNanoseconds = min(
                max(delayNanoseconds * 2, Self.firstDelayNanoseconds), Self.maximumDelayNanoseconds)
        }
        notBeforeNanoseconds = now + delayNanoseconds
    }
}

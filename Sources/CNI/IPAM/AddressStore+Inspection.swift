import Net
import Netlink

extension AddressStore {
    /// Every address that is held, cools down or has an unreadable record, in their order; also those outside the ranges of today.
    package func leases() throws(CNIError) -> [AddressLease] {
        guard let leases = try location.openIfThere() else { return [] }
        let now = location.environment.now()
        var list: [AddressLease] = []
        for block in try leases.allBlocks() {
            try block.forEachSlot { (address, content) throws(CNIError) in
                if let state = state(content, now: now) { list.append(AddressLease(address, state)) }
            }
        }
        return list
    }

    private func state(_ content: LeaseBlock.Content, now: UInt64) -> AddressLease.State? {
        switch content {
        case .free: return nil
        case .unreadable: return .unreadable
        case .record(let record):
            let attachment = record.owner.attachment(in: location.network)
            if record.state == .held { return .held(by: attachment) }
            let wait = record.waitNanoseconds(now: now, cooldownSeconds: UInt64(configuration.cooldownSeconds))
            let seconds = UInt32(clamping: (wait + 999_999_999) / 1_000_000_000)
            guard seconds > 0 else { return nil }
            return .cooling(secondsLeft: seconds, releasedBy: record.owner == .nobody ? nil : attachment)
        }
    }

    /// The networks that have a directory of leases, of this boot or an earlier one, in their order.
    package static func networks(dataDirectory: String) throws(CNIError) -> [String] {
        do throws(SystemError) {
            guard let directory = try Directory.open(dataDirectory) else { return [] }
            return try directory.names().sorted()
        } catch { throw CNIError(.ioFailure, "the networks that have addresses: \(error)") }
    }
}

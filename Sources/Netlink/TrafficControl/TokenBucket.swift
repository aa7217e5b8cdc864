import CLinux

/// A rate limit of what leaves a link: the queueing discipline `tbf`.
package struct TokenBucket: Hashable, Sendable {
    package var bytesPerSecond: UInt64
    /// What may be sent at once, in bytes.
    package var burstByteCount: UInt32
    /// What may wait beside that, and the burst itself, in bytes; more is dropped.
    package var limitByteCount: UInt32

    package init(bytesPerSecond: UInt64, burstByteCount: UInt32, limitByteCount: UInt32) {
        self.bytesPerSecond = bytesPerSecond
        self.burstByteCount = burstByteCount
        self.limitByteCount = limitByteCount
    }
}

extension TokenBucket {
    /// The name of the discipline.
    static var kind: String { "tbf" }

    /// Appends its options (linux/pkt_sched.h).
    func append(to buffer: MessageBuffer) {
        var parameters = tc_tbf_qopt()
        parameters.rate.rate = UInt32(clamping: bytesPerSecond)
        parameters.rate.linklayer = UInt8(TC_LINKLAYER_ETHERNET.rawValue)
        parameters.limit = limitByteCount
        buffer.appendNest(Int(TCA_OPTIONS)) {
            buffer.appendAttribute(Int(TCA_TBF_PARMS), bytes: withUnsafeBytes(of: parameters) { [UInt8]($0) })
            if bytesPerSecond > UInt64(UInt32.max) {
                buffer.appendAttribute(Int(TCA_TBF_RATE64), number: bytesPerSecond)
            }
            // In bytes rather than in the kernel's ticks, of which a large burst at a low rate takes more than there are.
            buffer.appendAttribute(Int(TCA_TBF_BURST), number: burstByteCount)
        }
    }

    /// What the kernel tells of a discipline's rate and limit. It does not tell the burst as it was given: the limit has it.
    struct Reading: Hashable {
        let bytesPerSecond: UInt64
        let limitByteCount: UInt32

        /// From its options; nil when they are cut short.
        init?(_ options: NetlinkAttributes) {
            guard let parameters = options.first(Int(TCA_TBF_PARMS))?.load(tc_tbf_qopt.self) else { return nil }
            let wide = options.first(Int(TCA_TBF_RATE64))?.load(UInt64.self)
            bytesPerSecond = wide ?? UInt64(parameters.rate.rate)
            limitByteCount = parameters.limit
        }
    }

    func matches(_ reading: Reading) -> Bool {
        reading.bytesPerSecond == bytesPerSecond && reading.limitByteCount == limitByteCount
    }
}

import CLinux
import Glibc

/// A buffer as a run of whole messages, each padded to 4 bytes.
extension MessageBuffer {
    /// The buffer as a piece of a datagram; valid until the buffer is written to.
    var piece: iovec { piece(0..<count) }

    /// A part of the buffer as a piece of a datagram.
    func piece(_ range: Range<Int>) -> iovec {
        let part = UnsafeMutableRawBufferPointer(rebasing: mutableBytes[range])
        return iovec(iov_base: part.baseAddress, iov_len: part.count)
    }

    /// Gives the messages the numbers `first`…, and returns the number after the last. No message asks for an
    /// acknowledgement unless `acknowledged`.
    func number(from first: UInt32, acknowledged: Bool = false) -> UInt32 {
        var sequence = first
        forEachHeader { header in
            header.nlmsg_seq = sequence
            header.nlmsg_flags &= ~UInt16(NLM_F_ACK)
            if acknowledged { header.nlmsg_flags |= UInt16(NLM_F_ACK) }
            sequence += 1
        }
        return sequence
    }

    /// Makes the message with that number ask for an acknowledgement.
    func askForAcknowledgement(of sequence: UInt32) {
        forEachHeader { header in
            if header.nlmsg_seq == sequence { header.nlmsg_flags |= UInt16(NLM_F_ACK) }
        }
    }

    /// The message with that number, with its header; nil when it is not here.
    func message(_ sequence: UInt32) -> UnsafeRawBufferPointer? {
        var found: UnsafeRawBufferPointer?
        forEachMessage { start, header in
            guard header.nlmsg_seq == sequence else { return }
            found = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Int(header.nlmsg_len))])
        }
        return found
    }

    private func forEachHeader(_ body: (inout nlmsghdr) -> Void) {
        forEachMessage { start, header in
            body(&header)
            mutableBytes.storeBytes(of: header, toByteOffset: start, as: nlmsghdr.self)
        }
    }

    private func forEachMessage(_ body: (_ start: Int, inout nlmsghdr) -> Void) {
        var start = 0
        while start + MemoryLayout<nlmsghdr>.size <= count {
            var header = bytes.loadUnaligned(fromByteOffset: start, as: nlmsghdr.self)
            let length = Int(header.nlmsg_len)
            guard length >= MemoryLayout<nlmsghdr>.size, start + length <= count else { return }
            body(start, &header)
            start += (length + 3) & ~3
        }
    }
}

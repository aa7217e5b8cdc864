import CLinux
import CNftnl
import Glibc

/// A batch made ready to send: numbered, with its opening and end, and as pieces of memory.
struct NFTTransaction {
    let pieces: [iovec]
    /// The last message within the transaction, which asks for an acknowledgement.
    let lastSequence: UInt32
    /// Keeps what memory of the pieces is not the batch's own.
    let owned: [MessageBuffer]
}

extension NFTBatch {
    /// Its buffers that are not empty, in the order of the transaction.
    var buffers: [MessageBuffer] {
        let all = [objects] + sets.map { $0.deletions.buffer } + sets.map { $0.additions.buffer }
        return all.filter { $0.count > 0 }
    }

    /// Numbers the messages from `firstSequence`, which the opening gets. May be called again, for another attempt.
    ///
    /// - Parameter generation: the kernel refuses the transaction (`ERESTART`) when this is not its number any more.
    func close(firstSequence: UInt32, generation: UInt32? = nil) -> NFTTransaction {
        for set in sets {
            set.deletions.close()
            set.additions.close()
        }
        var buffers = self.buffers
        var sequence = firstSequence + 1
        for buffer in buffers { sequence = buffer.number(from: sequence) }
        buffers.last?.askForAcknowledgement(of: sequence - 1)

        let opening = MessageBuffer()
        opening.appendEnvelope(nftnl_batch_begin, firstSequence)
        if let generation {
            opening.extendLastMessage { opening.appendAttribute(NFNL_BATCH_GENID, number: generation.bigEndian) }
        }
        let end = MessageBuffer()
        end.appendEnvelope(nftnl_batch_end, sequence)
        buffers = Self.merging(buffers, to: Int(sysconf(Int32(_SC_IOV_MAX))) - 2)
        let owned = [opening] + buffers + [end]
        return NFTTransaction(pieces: owned.map { $0.piece }, lastSequence: sequence - 1, owned: owned)
    }

    /// sendmsg takes so many pieces and no more: the tail goes together, which is a copy.
    private static func merging(_ buffers: [MessageBuffer], to maximum: Int) -> [MessageBuffer] {
        guard buffers.count > maximum else { return buffers }
        let tail = MessageBuffer()
        for buffer in buffers[(maximum - 1)...] { tail.append(buffer.bytes) }
        return buffers[..<(maximum - 1)] + [tail]
    }
}

extension MessageBuffer {
    /// The message that opens or ends a transaction.
    fileprivate func appendEnvelope(
        _ write: (UnsafeMutablePointer<CChar>?, UInt32) -> UnsafeMutablePointer<nlmsghdr>?, _ sequence: UInt32
    ) {
        guard let header = write(reserve(64).assumingMemoryBound(to: CChar.self), sequence) else { return }
        advance(by: Int(header.pointee.nlmsg_len))
    }
}

import CNftnl
import Glibc

extension NFTSocket {
    /// The number by which the kernel knows this socket.
    func portID() throws(NetlinkError) -> UInt32 { try socket.portID() }

    /// How many transactions there have been in the network namespace: the number of the last one (`NFT_MSG_GETGEN`).
    package mutating func generation() throws(NetlinkError) -> UInt32 {
        let request = MessageBuffer()
        request.appendNFTMessage(NFT_MSG_GETGEN, netfilterProtocol: UInt8(NFPROTO_UNSPEC), flags: 0, room: 0)
        var number: UInt32?
        try socket.exchange(request, count: 1, name: { _ in "generation of nf_tables" }) { message in
            number =
                NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size)).first(NFTA_GEN_ID)?
                .load(UInt32.self) ?? number
        }
        guard let number else { throw NetlinkError(errno: ENOENT, object: "generation of nf_tables") }
        return UInt32(bigEndian: number)
    }
}

import BenchReport
import Testing

@Suite("What strace says was sent to the kernel")
struct NetlinkSendsTests {
    private static let batch = """
        20171 sendmsg(3<NETLINK:[NETFILTER:20171]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, \
        msg_namelen=12, msg_iov=[{iov_base=[[{nlmsg_len=20, nlmsg_type=NFNL_MSG_BATCH_BEGIN, nlmsg_flags=NLM_F_REQUEST, \
        nlmsg_seq=0, nlmsg_pid=0}, {nfgen_family=AF_UNSPEC, version=NFNETLINK_V0, res_id=htons(10)}], [{nlmsg_len=36, \
        nlmsg_type=NFNL_SUBSYS_NFTABLES<<8|NFT_MSG_NEWTABLE, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1, nlmsg_pid=0}, \
        {nfgen_family=AF_INET, version=NFNETLINK_V0, res_id=htons(0)}, [[{nla_len=6, nla_type=0x1}, ""...], [{nla_len=8, \
        nla_type=0x2}, ""...]]], [{nlmsg_len=20, nlmsg_type=NFNL_MSG_BATCH_END, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=4, \
        nlmsg_pid=0}, {nfgen_family=AF_UNSPEC, version=NFNETLINK_V0, res_id=htons(10)}]], iov_len=76}], msg_iovlen=1, \
        msg_controllen=0, msg_flags=0}, 0
        """

    private static func request(_ socket: String, _ type: String) -> String {
        "7  sendto(\(socket), [{nlmsg_len=20, nlmsg_type=\(type), nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=0, nlmsg_pid=0}, "
            + "\"\"...], 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20\n"
    }

    private static func read(_ texts: String...) throws -> [Int] {
        var sends = NetlinkSends()
        for text in texts { try sends.read(text) }
        return [sends.bytes, sends.messages]
    }

    @Test("is all messages of a datagram, and their bytes")
    func batches() throws {
        #expect(
            try Self.read(Self.batch + ") = 76\n" + Self.batch + ") = 76\n20171 +++ exited with 0 +++\n") == [152, 6])
    }

    @Test("is put together where another thread's call comes between, also over two readings")
    func unfinished() throws {
        let other = #"9  sendto(5<TCP:[10.0.0.1:5->10.0.0.2:80]>, ""..., 90, 0, NULL, 0 <unfinished ...>"#
        #expect(
            try Self.read(
                Self.batch + " <unfinished ...>\n\(other)\n",
                "9  <... sendto resumed>) = 90\n20171 <... sendmsg resumed>) = 76\n8 <... sendto resumed>) = 5\n") == [
                    76, 3,
                ])
    }

    @Test("is not what the kernel refused")
    func refused() throws {
        #expect(try Self.read(Self.batch + ") = -1 EPERM (Operation not permitted)\n") == [0, 0])
    }

    @Test(
        "is of netfilter's sockets alone, also of one that has no name yet",
        arguments: [
            ("3<NETLINK:[NETFILTER:7]>", "NFNL_SUBSYS_NFTABLES<<8|NFT_MSG_GETGEN", 20),
            ("3<NETLINK:[12627973]>", "0xa10 /* NLMSG_??? */", 20),
            ("3<NETLINK:[12627973]>", "0x1a /* NLMSG_??? */", 0),
            ("3<NETLINK:[ROUTE:7]>", "RTM_GETLINK", 0), ("3<UDP:[127.0.0.1:5]>", "0xa10", 0),
        ])
    func sockets(socket: String, type: String, bytes: Int) throws {
        #expect(try Self.read(Self.request(socket, type)) == [bytes, bytes / 20])
    }

    @Test(
        "is an error where messages are not told of one by one",
        arguments: [
            batch.replacing("nlmsg_len=36", with: "nlmsg_len=16") + ") = 76",
            "1 sendmsg(3<NETLINK:[NETFILTER:1]>, {msg_iov=[...]}, 0) = 76",
            "1 sendmmsg(3<NETLINK:[NETFILTER:1]>, [{msg_hdr={}, msg_len=20}], 1, 0) = 1",
        ])
    func incomplete(line: String) {
        #expect(throws: BenchmarkError.self) { try Self.read(line) }
    }
}

import Testing

@testable import CNI

@Suite("The comment of an element")
struct CommentTests {
    @Test("is the attachment, and becomes it again")
    func round() {
        let attachment = CNI.Attachment(
            network: "cluster", containerID: String(repeating: "4f", count: 32), interfaceName: "eth0")
        #expect(attachment.comment == "eth0 \(attachment.containerID) cluster")
        let back = CNI.Attachment(comment: attachment.comment)
        #expect(back == attachment)
        #expect(attachment.isWritten(of: "cluster"))
        #expect(!attachment.isWritten(of: "cluster-2"))
    }

    @Test("tells long and odd names apart, in what nft takes")
    func cut() throws {
        let ids = [
            String(repeating: "a", count: 200), String(repeating: "a", count: 201), "a b", "a_b", "a\"b", "a\\b", "ä",
            "",
        ]
        let networks = [String(repeating: "n", count: 40), String(repeating: "n", count: 41), "n \u{1}", "n~"]
        var comments: Set<String> = []
        for id in ids {
            for network in networks {
                let attachment = CNI.Attachment(network: network, containerID: id, interfaceName: "eth0")
                let comment = attachment.comment
                #expect(comment.utf8.count <= 127)
                #expect(!comment.contains("\"") && !comment.contains("\\"))
                comments.insert(comment)
                let read = CNI.Attachment(comment: comment)
                let back = try #require(read)
                #expect(back.isWritten(of: network))
                #expect(networks.filter { back.isWritten(of: $0) } == [network])
            }
        }
        #expect(comments.count == ids.count * networks.count)
    }

    @Test("is not read where it is somebody else's", arguments: ["", "a b", "a b c d", "a  c"])
    func foreign(text: String) {
        let read = CNI.Attachment(comment: text)
        #expect(read == nil)
    }
}

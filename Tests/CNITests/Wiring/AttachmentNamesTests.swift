import Testing

@testable import CNI

@Suite struct AttachmentNamesTests {
    @Test func aLinkNameFitsTheKernelAndBelongsToOneAttachment() {
        var names: Set<String> = []
        var addresses: Set<String> = []
        for number in 0..<10_000 {
            let attachment = CNI.Attachment(network: "pods", containerID: "\(number)", interfaceName: "eth0")
            #expect(attachment.hostLinkName.utf8.count == 15 && attachment.hostLinkName.hasPrefix("veth"))
            names.insert(attachment.hostLinkName)
            addresses.formUnion(["\(attachment.macAddress)", "\(attachment.hostMACAddress)"])
            // Unicast, and of no vendor.
            #expect(attachment.macAddress.bytes[0] & 3 == 2)
        }
        #expect(names.count == 10_000 && addresses.count == 20_000)
        let one = CNI.Attachment(network: "pods", containerID: "a", interfaceName: "eth0")
        for other in [
            CNI.Attachment(network: "pod", containerID: "sa", interfaceName: "eth0"),
            CNI.Attachment(network: "pods", containerID: "a", interfaceName: "eth1"),
            CNI.Attachment(network: "pods2", containerID: "a", interfaceName: "eth0"),
        ] { #expect(one.hostLinkName != other.hostLinkName) }
    }

    @Test func namesStayTheSameFromVersionToVersion() {
        let attachment = CNI.Attachment(network: "pods", containerID: "abc", interfaceName: "eth0")
        // What an older version has made must be found by a newer one.
        #expect(attachment.hostLinkName == "vethiq4w6mzlq7t")
        #expect(attachment.macAddress.description == "02:68:cf:f1:c2:7c")
        #expect(attachment.linkAlias == "fairlead/pods/abc/eth0")
    }

    @Test func theAliasTellsTheAttachment() {
        let attachment = CNI.Attachment(network: "pod-net.1", containerID: "0123abc_d", interfaceName: "net1")
        #expect(CNI.Attachment(linkAlias: attachment.linkAlias) == attachment)
        for foreign in ["", "uplink", "fairlead/pods/abc", "other/pods/abc/eth0", "fairlead/pods/abc/eth0/x"] {
            #expect(CNI.Attachment(linkAlias: foreign) == nil)
        }
    }
}

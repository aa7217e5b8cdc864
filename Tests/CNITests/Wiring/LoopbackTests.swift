import CNI
import Net
import Netlink
import TestSupport
import Testing

@Suite(.wiringNamespaces) struct LoopbackTests {
    @Test func loopbackIsSetUp() throws {
        let lab = try WiringLab()
        let pod = try lab.pod()
        let loopback = Loopback()
        let down = #expect(throws: CNIError.self) { try lab.run { try loopback.check(PodNamespace(path: pod.path)) } }
        #expect(down?.code == .notAsAdded)
        let result = try lab.run { try loopback.attach(PodNamespace(path: pod.path)) }
        #expect(try pod.tool("ip", "link", "show", "lo").contains("UP"))
        #expect(result.interfaces.map { $0.name } == ["lo"] && result.interfaces[0].sandbox == pod.path)
        #expect(Set(result.addresses.map { "\($0.address)/\($0.prefixLength)" }) == ["127.0.0.1/8", "::1/128"])
        try lab.run {
            try loopback.check(PodNamespace(path: pod.path))
            #expect(try loopback.attach(PodNamespace(path: pod.path)) == result)
        }
        let own = #expect(throws: CNIError.self) {
            try lab.run { try loopback.attach(PodNamespace(path: "/proc/thread-self/ns/net")) }
        }
        #expect(own?.code == .badEnvironment)
    }
}

@Suite(.wiringNamespaces) struct InterfaceTuningTests {
    @Test func parametersAndFlagsAreSetAndChecked() throws {
        let lab = try WiringLab()
        let pod = try lab.attach(.bridge(), "10.1.0.2/24")
        var tuning = InterfaceTuning()
        tuning.sysctls = [
            .init(name: "net.core.somaxconn", value: "500"),
            .init(name: "net/ipv4/conf/IFNAME/arp_filter", value: "1"),
            .init(name: "net.ipv4.ip_local_port_range", value: "2000 3000"),
        ]
        (tuning.isPromiscuous, tuning.receivesAllMulticast, tuning.transmitQueueLength) = (true, true, 2000)
        try lab.run { try tuning.apply(PodNamespace(path: pod.path), interfaceName: "eth0") }
        let link = try pod.tool("ip", "link", "show", "eth0")
        #expect(link.contains("PROMISC") && link.contains("ALLMULTI") && link.contains("qlen 2000"))
        #expect(try pod.namespace.run { try Netlink.Sysctl.read("net.core.somaxconn") } == "500")
        #expect(try pod.namespace.run { try Netlink.Sysctl.read("net.ipv4.conf.eth0.arp_filter") } == "1")
        #expect(try lab.run { try Netlink.Sysctl.read("net.core.somaxconn") } != "500")
        try lab.run { try tuning.check(PodNamespace(path: pod.path), interfaceName: "eth0") }
        for (damage, repair) in [
            (["promisc", "off"], ["promisc", "on"]), (["allmulticast", "off"], ["allmulticast", "on"]),
            (["txqueuelen", "9"], ["txqueuelen", "2000"]),
        ] {
            try Tool.run(["ip", "link", "set", "eth0"] + damage, in: pod.namespace)
            let error = #expect(throws: CNIError.self) {
                try lab.run { try tuning.check(PodNamespace(path: pod.path), interfaceName: "eth0") }
            }
            #expect(error?.code == .notAsAdded)
            try Tool.run(["ip", "link", "set", "eth0"] + repair, in: pod.namespace)
        }
        try pod.namespace.run { try Netlink.Sysctl.write("net.core.somaxconn", "501") }
        let error = #expect(throws: CNIError.self) {
            try lab.run { try tuning.check(PodNamespace(path: pod.path), interfaceName: "eth0") }
        }
        #expect(error?.message == "sysctl net.core.somaxconn is 501, not 500")
    }

    @Test(arguments: [
        "kernel.shmmax", "net", "net.", "../kernel/shmmax", "net/../kernel/shmmax", "/net/ipv4/../../kernel/shmmax",
        "network.x",
        "", "net..ipv4",
    ]) func whatIsNotTheNetworksIsRefusedBeforeAnythingIsSet(_ name: String) throws {
        let lab = try WiringLab()
        let pod = try lab.attach(.ptp, "10.1.0.2/24")
        let before = try pod.namespace.run { try Netlink.Sysctl.read("net.core.somaxconn") }
        var tuning = InterfaceTuning()
        tuning.sysctls = [.init(name: "net.core.somaxconn", value: "77"), .init(name: name, value: "1")]
        let error = #expect(throws: CNIError.self) {
            try lab.run { try tuning.apply(PodNamespace(path: pod.path), interfaceName: "eth0") }
        }
        #expect(error?.code == .badConfiguration && error?.message.contains("sysctl \(name)") == true)
        #expect(try pod.namespace.run { try Netlink.Sysctl.read("net.core.somaxconn") } == before)
    }

    @Test func aParameterThatIsNotThereIsNamed() throws {
        let lab = try WiringLab()
        let pod = try lab.attach(.ptp, "10.1.0.2/24")
        var tuning = InterfaceTuning()
        tuning.sysctls = [.init(name: "net.ipv4.conf.eth9.arp_filter", value: "1")]
        let error = #expect(throws: CNIError.self) {
            try lab.run { try tuning.apply(PodNamespace(path: pod.path), interfaceName: "eth0") }
        }
        #expect(error?.code == .badConfiguration && error?.message.contains("eth9") == true)
    }
}

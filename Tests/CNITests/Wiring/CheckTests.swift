import CNI
import Net
import Netlink
import TestSupport
import Testing

/// CHECK finds each kind of damage, and says which.
@Suite(.wiringNamespaces) struct CheckTests {
    struct Damage: CustomTestStringConvertible {
        enum Place { case host, pod }

        let mode: String
        let place: Place
        /// `HOST` is the name of the host's end.
        let command: String
        let complaint: String

        var testDescription: String { "\(mode): \(command)" }
    }

    static let damages: [Damage] = [
        .init(mode: "bridge", place: .pod, command: "ip link del eth0", complaint: "gone"),
        .init(
            mode: "bridge", place: .pod, command: "ip link set eth0 down", complaint: "eth0 of the container is down"),
        .init(mode: "bridge", place: .pod, command: "ip link set eth0 address 02:00:00:00:00:77", complaint: "MAC"),
        .init(mode: "bridge", place: .pod, command: "ip link set eth0 mtu 1300", complaint: "MTU"),
        .init(mode: "bridge", place: .pod, command: "ip address del 10.1.0.2/24 dev eth0", complaint: "10.1.0.2/24"),
        .init(mode: "bridge", place: .pod, command: "ip address del fd01::2/64 dev eth0", complaint: "fd01::2/64"),
        .init(
            mode: "bridge", place: .pod, command: "ip route del default",
            complaint: "no route to 0.0.0.0/0 via 10.1.0.1"),
        .init(mode: "bridge", place: .pod, command: "ip -6 route del default", complaint: "no route to ::/0"),
        .init(mode: "bridge", place: .pod, command: "ip route del 192.0.2.0/24", complaint: "no route to 192.0.2.0/24"),
        .init(mode: "bridge", place: .host, command: "ip link set HOST nomaster", complaint: "no port of bridge cni0"),
        .init(mode: "bridge", place: .host, command: "ip link set HOST down", complaint: "HOST is down"),
        .init(mode: "bridge", place: .host, command: "ip link set HOST alias x", complaint: "not this attachment's"),
        .init(mode: "bridge", place: .host, command: "ip link set HOST address 02:00:00:00:00:77", complaint: "MAC"),
        .init(mode: "bridge", place: .host, command: "ip link set HOST mtu 1300", complaint: "MTU"),
        .init(mode: "bridge", place: .host, command: "bridge link set dev HOST hairpin on", complaint: "port settings"),
        .init(
            mode: "bridge", place: .host, command: "bridge link set dev HOST isolated on", complaint: "port settings"),
        .init(mode: "bridge", place: .host, command: "ip link set cni0 down", complaint: "cni0 is down"),
        .init(mode: "bridge", place: .host, command: "ip link del cni0", complaint: "cni0 is gone"),
        .init(
            mode: "bridge", place: .host, command: "ip address del 10.1.0.1/24 dev cni0",
            complaint: "gateway's address 10.1.0.1/24"),
        .init(mode: "ptp", place: .pod, command: "ip address del 10.1.0.2/32 dev eth0", complaint: "10.1.0.2/32"),
        .init(mode: "ptp", place: .pod, command: "ip route del 10.1.0.0/24", complaint: "no route to 10.1.0.0/24"),
        .init(mode: "ptp", place: .pod, command: "ip route del default", complaint: "no route to 0.0.0.0/0"),
        .init(mode: "ptp", place: .host, command: "ip route del 10.1.0.2/32", complaint: "no route to 10.1.0.2"),
        .init(mode: "ptp", place: .host, command: "ip -6 route del fd01::2/128", complaint: "no route to fd01::2"),
        .init(
            mode: "ptp", place: .host, command: "ip address del 10.1.0.1/32 dev HOST",
            complaint: "gateway's address 10.1.0.1"),
    ]

    static let vlanDamages: [Damage] = [
        .init(mode: "vlan", place: .host, command: "bridge vlan del dev HOST vid 100", complaint: "VLAN 100"),
        .init(mode: "vlan", place: .host, command: "bridge vlan del dev HOST vid 21", complaint: "VLAN 20-22"),
        .init(mode: "vlan", place: .host, command: "ip link del cni0.100", complaint: "cni0.100 is gone"),
        .init(
            mode: "vlan", place: .host, command: "ip link set cni0 type bridge vlan_filtering 0", complaint: "filter"),
    ]

    @Test(.bridgeVLANs, arguments: vlanDamages) func damageOfVLANsIsFound(_ damage: Damage) throws {
        try damageIsFound(damage)
    }

    @Test(arguments: damages) func damageIsFound(_ damage: Damage) throws {
        let lab = try WiringLab()
        let wiring: WiringConfiguration =
            switch damage.mode {
            case "bridge": .bridge()
            case "vlan":
                .bridge {
                    $0.vlan = 100
                    $0.trunk = [.init(first: 20, last: 22)]
                }
            default: .ptp
            }
        let pod = try lab.pod()
        var routes = [AttachmentResult.Route(try IPPrefix("192.0.2.0/24"))]
        if damage.mode == "ptp" { routes += [try .default(.ipv4), try .default(.ipv6)] }
        let result = try lab.attach(pod, wiring, ["10.1.0.2/24 10.1.0.1", "fd01::2/64 fd01::1"], routes: routes)
        let link = PodLink(wiring, pod.attachment)
        try lab.run { try link.check(PodNamespace(path: pod.path), result) }
        let name = pod.attachment.hostLinkName
        let command = damage.command.split(separator: " ").map { $0 == "HOST" ? name : String($0) }
        try Tool.run(command, in: damage.place == .host ? lab.host : pod.namespace)
        let error = #expect(throws: CNIError.self) {
            try lab.run { try link.check(PodNamespace(path: pod.path), result) }
        }
        #expect(error?.code == .notAsAdded)
        let words = damage.complaint.split(separator: " ").map { $0 == "HOST" ? name : String($0) }.joined(
            separator: " ")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "nothing")")
    }

    @Test func whatOthersHaveAddedIsNoDamage() throws {
        let lab = try WiringLab()
        let pod = try lab.pod()
        var result = try lab.attach(pod, .bridge(), ["10.1.0.2/24"])
        _ = try pod.tool("ip", "address", "add", "203.0.113.9/32", "dev", "eth0")
        _ = try pod.tool("ip", "route", "add", "203.0.113.0/24", "dev", "eth0")
        // Another plugin of the list has made an interface.
        result.interfaces.append(.init(name: "net1", sandbox: pod.path))
        result.addresses.append(
            .init(try IPAddress("10.9.0.9"), prefixLength: 24, interface: result.interfaces.count - 1))
        try lab.run { try PodLink(.bridge(), pod.attachment).check(PodNamespace(path: pod.path), result) }
    }
}

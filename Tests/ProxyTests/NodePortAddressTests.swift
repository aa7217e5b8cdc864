import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("17: the addresses that answer NodePorts")
struct NodePortAddressTests {
    /// A node with a pod bridge, and an uplink with two IPv4 addresses; lo has an address of its own.
    private static func localAddresses() throws -> [LocalAddress] {
        func local(_ text: String, _ index: Int, _ name: String, isDefault: Bool = false) throws -> LocalAddress {
            let address = try IPAddress(text)
            return LocalAddress(
                address: address, prefixLength: address.family.bitWidth, interfaceIndex: index,
                hasDefaultRoute: isDefault)
        }
        return [
            try local("127.0.0.1", 1, "lo"), try local("::1", 1, "lo"), try local("203.0.113.1", 1, "lo"),
            try local("10.244.0.1", 2, "cni0"), try local("fe80::1", 2, "cni0"), try local("fd00:10::1", 2, "cni0"),
            try local("192.0.2.10", 3, "eth0", isDefault: true), try local("192.0.2.11", 3, "eth0", isDefault: true),
            try local("fe80::2", 3, "eth0", isDefault: true), try local("2001:db8::10", 3, "eth0", isDefault: true),
        ]
    }

    private static func addresses(
        _ configuration: ProxyConfiguration, node: Node? = nil, local: [LocalAddress]? = nil
    ) throws -> Set<String> {
        var model = ModelUnderTest(configuration)
        model.setLocalAddresses(try local ?? localAddresses())
        if let node { model.apply(.node(.added(node))) }
        return Set(try #require(model.nodePortAddresses).map(\.description))
    }

    private static let node = makeNode(
        "this",
        [
            (type: "Hostname", address: "this"), (type: "ExternalIP", address: "198.51.100.1"),
            (type: "InternalIP", address: "192.0.2.11"), (type: "InternalIP", address: "192.0.2.10"),
            (type: "ExternalIP", address: "2001:db8::99"),
        ])

    @Test("primary: the node's first internal address of each family, else the first external one")
    func fromNode() throws {
        let primary = ProxyConfiguration(nodeName: "this")
        #expect(try Self.addresses(primary, node: Self.node) == ["192.0.2.11", "2001:db8::99"])
    }

    @Test("primary: addresses that were configured come before the Node's")
    func configured() throws {
        let configuration = ProxyConfiguration(
            nodeName: "this", nodeIPs: [try address("127.0.0.1"), try address("192.0.2.77")])
        #expect(try Self.addresses(configuration, node: Self.node) == ["192.0.2.77"])
    }

    @Test("primary, without a Node: the first address of the interface with the default route")
    func fromDefaultRoute() throws {
        let primary = ProxyConfiguration(nodeName: "this")
        #expect(try Self.addresses(primary) == ["192.0.2.10", "2001:db8::10"])
    }

    @Test("primary, with neither: the first global address by interface index")
    func fromIndex() throws {
        let local = try Self.localAddresses().filter { !$0.hasDefaultRoute }.reversed()
        let primary = ProxyConfiguration(nodeName: "this")
        #expect(try Self.addresses(primary, local: Array(local)) == ["203.0.113.1", "fd00:10::1"])
    }

    @Test("all: every local address but loopback and link-local ones, whatever the Node says")
    func all() throws {
        let configuration = ProxyConfiguration(nodeName: "this", nodePortAddresses: .all)
        #expect(
            try Self.addresses(configuration, node: Self.node) == [
                "203.0.113.1", "10.244.0.1", "fd00:10::1", "192.0.2.10", "192.0.2.11", "2001:db8::10",
            ])
    }

    @Test("networks: the local addresses in them, never loopback")
    func networks() throws {
        let networks = try ["127.0.0.0/8", "192.0.2.0/24", "::/0"].map { try IPPrefix($0) }
        let configuration = ProxyConfiguration(nodeName: "this", nodePortAddresses: .networks(networks))
        #expect(try Self.addresses(configuration) == ["192.0.2.10", "192.0.2.11", "fd00:10::1", "2001:db8::10"])
    }

    @Test("a node of one family answers in that family only")
    func families() throws {
        let configuration = ProxyConfiguration(nodeName: "this", nodePortAddresses: .all, families: [.ipv6])
        #expect(try Self.addresses(configuration) == ["fd00:10::1", "2001:db8::10"])
    }

    @Test("57: another node's object says nothing about this node")
    func otherNode() throws {
        var model = ModelUnderTest()
        model.setLocalAddresses(try Self.localAddresses())
        let before = model.nodePortAddresses
        model.apply(.node(.added(makeNode("other", [(type: "InternalIP", address: "192.0.2.99")]))))
        #expect(model.nodePortAddresses == before)
        #expect(model.lastChanges.isEmpty)
    }

    @Test("a change of the Node or of the kernel's addresses takes effect at once, and only if it is one")
    func changes() throws {
        var model = ModelUnderTest()
        model.setLocalAddresses(try Self.localAddresses())
        model.apply(.node(.added(Self.node)))
        #expect(model.lastChanges.node?.nodePortAddresses.count == 2)
        model.setLocalAddresses([])
        #expect(model.lastChanges.isEmpty, "the Node decides")
        model.apply(.node(.deleted(Self.node)))
        #expect(model.nodePortAddresses == [])
        model.setLocalAddresses(try Self.localAddresses())
        #expect(model.nodePortAddresses?.count == 2)
        model.apply(.replaceNodes([Self.node]))
        #expect(model.nodePortAddresses == [try address("192.0.2.11"), try address("2001:db8::99")])
        model.apply(.replaceNodes([]))
        #expect(model.nodePortAddresses == [try address("192.0.2.10"), try address("2001:db8::10")])
    }

    @Test("a bad address of the Node is reported")
    func badNodeAddress() {
        var model = ModelUnderTest()
        model.apply(.node(.added(makeNode("this", [(type: "InternalIP", address: "foo")]))))
        #expect(model.problems == ["Node this: InternalIP 'foo' is not an IP address"])
    }

    @Test("--nodeport-addresses")
    func parsing() throws {
        #expect(try NodePortAddressPolicy(parsing: []) == .primary)
        #expect(try NodePortAddressPolicy(parsing: ["primary"]) == .primary)
        #expect(try NodePortAddressPolicy(parsing: ["all"]) == .all)
        let networks = [try IPPrefix("10.0.0.0/8"), try IPPrefix("fd00::/8")]
        #expect(try NodePortAddressPolicy(parsing: ["10.0.0.0/8", "fd00::/8"]) == .networks(networks))
        #expect(throws: AddressParseError("primary", expected: "a network in CIDR notation")) {
            try NodePortAddressPolicy(parsing: ["10.0.0.0/8", "primary"])
        }
    }
}

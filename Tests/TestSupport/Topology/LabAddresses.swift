import Net

/// One address in each family.
package struct DualAddress: Hashable, Sendable {
    package let v4: IPAddress
    package let v6: IPAddress

    package init(v4: IPAddress, v6: IPAddress) {
        self.v4 = v4
        self.v6 = v6
    }

    package subscript(family: IPFamily) -> IPAddress { family == .ipv4 ? v4 : v6 }
    package var both: [IPAddress] { [v4, v6] }

    /// As networks of one address.
    package var prefixes: [IPPrefix] { both.map { LabAddresses.prefix($0, $0.family.bitWidth) } }
}

/// The address plan of every lab: host n is 192.168.7.n, pod n of node m is 10.244.m.n.
package enum LabAddresses {
    /// The pods of all nodes: 10.244.0.0/16 and fd44::/48.
    package static let clusterCIDRs = [
        prefix(IPAddress(v4: 0x0AF4_0000), 16), prefix(IPAddress(v6: 0xFD44 << 48, 0), 48),
    ]
    /// 10.96.0.0/16 and fd96::/64.
    package static let serviceCIDRs = [
        prefix(IPAddress(v4: 0x0A60_0000), 16), prefix(IPAddress(v6: 0xFD96 << 48, 0), 64),
    ]

    /// A host of the LAN: 192.168.7.n and fd07::n.
    package static func host(_ number: UInt8) -> DualAddress {
        DualAddress(v4: IPAddress(v4: 0xC0A8_0700 + UInt32(number)), v6: IPAddress(v6: 0xFD07 << 48, UInt64(number)))
    }

    package static let lanCIDRs = [prefix(host(0).v4, 24), prefix(host(0).v6, 64)]
    package static let lanPrefixLengths: [IPFamily: Int] = [.ipv4: 24, .ipv6: 64]

    /// Host `number` of a node's pod CIDR: 10.244.m.n and fd44:0:0:m::n. 1 is the gateway.
    package static func pod(_ number: UInt8, node: UInt8) -> DualAddress {
        DualAddress(
            v4: IPAddress(v4: 0x0AF4_0000 + UInt32(node) << 8 + UInt32(number)),
            v6: IPAddress(v6: 0xFD44 << 48 | UInt64(node), UInt64(number)))
    }

    package static let podPrefixLengths: [IPFamily: Int] = [.ipv4: 24, .ipv6: 64]

    package static func podCIDRs(node: UInt8) -> [IPPrefix] {
        [prefix(pod(0, node: node).v4, 24), prefix(pod(0, node: node).v6, 64)]
    }

    /// A ClusterIP: 10.96.0.n and fd96::n.
    package static func service(_ number: UInt8) -> DualAddress {
        DualAddress(v4: IPAddress(v4: 0x0A60_0000 + UInt32(number)), v6: IPAddress(v6: 0xFD96 << 48, UInt64(number)))
    }

    /// Addresses of load balancers and `externalIPs`, from the prefixes for documentation: 203.0.113.0/24 and
    /// 2001:db8:113::/64.
    package static let externalCIDRs = [prefix(external(0).v4, 24), prefix(external(0).v6, 64)]

    package static func external(_ number: UInt8) -> DualAddress {
        DualAddress(
            v4: IPAddress(v4: 0xCB00_7100 + UInt32(number)),
            v6: IPAddress(v6: 0x2001_0DB8_0113_0000, UInt64(number)))
    }

    /// Clients that are further away: 198.51.100.0/24 and 2001:db8:100::/64.
    package static let remoteCIDRs = [prefix(remote(0).v4, 24), prefix(remote(0).v6, 64)]

    package static func remote(_ number: UInt8) -> DualAddress {
        DualAddress(
            v4: IPAddress(v4: 0xC633_6400 + UInt32(number)),
            v6: IPAddress(v6: 0x2001_0DB8_0100_0000, UInt64(number)))
    }

    /// 127.0.0.1 and ::1.
    package static let loopback = DualAddress(v4: IPAddress(v4: 0x7F00_0001), v6: IPAddress(v6: 0, 1))

    /// 0.0.0.0/0 and ::/0.
    package static let everything = IPFamily.allCases.map { prefix(IPAddress(number: 0, family: $0), 0) }

    package static func prefix(_ address: IPAddress, _ length: Int) -> IPPrefix {
        guard let prefix = IPPrefix(containing: address, length: length) else {
            preconditionFailure("\(address)/\(length) is not a network")
        }
        return prefix
    }
}

import Net

/// What an attachment has become: the result of ADD in the words of version 1.1.0 (CNI specification, "Success").
package struct AttachmentResult: Hashable, Sendable {
    package var interfaces: [Interface]
    package var addresses: [Address]
    package var routes: [Route]
    package var dns: DNSSettings

    package init(
        interfaces: [Interface] = [], addresses: [Address] = [], routes: [Route] = [], dns: DNSSettings = DNSSettings()
    ) {
        self.interfaces = interfaces
        self.addresses = addresses
        self.routes = routes
        self.dns = dns
    }

    /// A link that the attachment consists of.
    package struct Interface: Hashable, Sendable {
        package var name: String
        package var macAddress: MACAddress?
        /// In bytes.
        package var mtu: UInt32?
        /// The path of the network namespace that it is in; nil for the host's.
        package var sandbox: String?
        package var socketPath: String?
        package var pciID: String?

        package init(
            name: String, macAddress: MACAddress? = nil, mtu: UInt32? = nil, sandbox: String? = nil,
            socketPath: String? = nil, pciID: String? = nil
        ) {
            self.name = name
            self.macAddress = macAddress
            self.mtu = mtu
            self.sandbox = sandbox
            self.socketPath = socketPath
            self.pciID = pciID
        }
    }

    /// An address of the container.
    package struct Address: Hashable, Sendable {
        package var address: IPAddress
        /// In bits.
        package var prefixLength: Int
        package var gateway: IPAddress?
        /// The position in `interfaces` of the link that has it; nil in what IPAM returns.
        package var interface: Int?

        package init(_ address: IPAddress, prefixLength: Int, gateway: IPAddress? = nil, interface: Int? = nil) {
            self.address = address
            self.prefixLength = prefixLength
            self.gateway = gateway
            self.interface = interface
        }

        /// The network that the address is in.
        package var network: IPPrefix? { IPPrefix(containing: address, length: prefixLength) }
    }

    /// A route in the container.
    package struct Route: Hashable, Sendable {
        package var destination: IPPrefix
        package var gateway: IPAddress?
        /// In bytes.
        package var mtu: UInt32?
        /// In bytes.
        package var advertisedMSS: UInt32?
        package var priority: UInt32?
        package var table: UInt32?
        /// `RT_SCOPE_…` of linux/rtnetlink.h.
        package var scope: UInt8?

        package init(
            _ destination: IPPrefix, gateway: IPAddress? = nil, mtu: UInt32? = nil, advertisedMSS: UInt32? = nil,
            priority: UInt32? = nil, table: UInt32? = nil, scope: UInt8? = nil
        ) {
            self.destination = destination
            self.gateway = gateway
            self.mtu = mtu
            self.advertisedMSS = advertisedMSS
            self.priority = priority
            self.table = table
            self.scope = scope
        }
    }
}

/// How the container resolves names; handed on, never used here.
package struct DNSSettings: Hashable, Sendable {
    package var nameservers: [String]
    package var domain: String?
    package var search: [String]
    package var options: [String]

    package init(nameservers: [String] = [], domain: String? = nil, search: [String] = [], options: [String] = []) {
        self.nameservers = nameservers
        self.domain = domain
        self.search = search
        self.options = options
    }

    package var isEmpty: Bool { nameservers.isEmpty && domain == nil && search.isEmpty && options.isEmpty }
}

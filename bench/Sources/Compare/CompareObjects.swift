import BenchReport
import KubeAPI
import Net

/// The objects that all subjects are fed with, in a namespace of their own.
struct CompareObjects: Sendable {
    static let nodeName = "node-0"
    static let namespace = "fairlead-bench"
    static let sentinel = "zz-sentinel"
    static let servicePort: UInt16 = 80
    static let podPort: UInt16 = 8080
    static let clusterCIDRs = ["10.128.0.0/9", "fd00:10:244::/48"]
    static let services = "/api/v1/namespaces/\(namespace)/services"
    static let slices = "/apis/discovery.k8s.io/v1/namespaces/\(namespace)/endpointslices"

    let size: WorkloadSize

    private var families: [IPFamily] {
        switch size.families {
        case .ipv4: [.ipv4]
        case .ipv6: [.ipv6]
        case .dual: [.ipv4, .ipv6]
        }
    }

    /// The family that packets are sent over.
    var probedFamily: IPFamily { families[0] }
    var slicesPerService: Int { families.count }

    /// ClusterIPs are 10.97.0.0 and on, fd00:10:96::100 and on.
    static func clusterIP(_ number: Int, _ family: IPFamily) -> IPAddress {
        family == .ipv4
            ? IPAddress(v4: 0x0A61_0000 + UInt32(number))
            : IPAddress(v6: 0xFD00_0010_0096_0000, 0x100 + UInt64(number))
    }

    /// Of pods that nobody runs: 10.129.0.0 and on, fd00:10:244:1:: and on.
    private static func pod(_ number: Int, _ family: IPFamily) -> IPAddress {
        family == .ipv4
            ? IPAddress(v4: 0x0A81_0000 + UInt32(number % 0x7E_0000))
            : IPAddress(v6: 0xFD00_0010_0244_0001, UInt64(number) + 1)
    }

    /// The two pods that answer.
    static func livePod(_ which: Int, _ family: IPFamily) -> IPAddress {
        family == .ipv4
            ? IPAddress(v4: 0x0A80_0001 + UInt32(which)) : IPAddress(v6: 0xFD00_0010_0244_0000, 1 + UInt64(which))
    }

    static func node(_ name: String, _ addresses: [String]) -> JSONValue {
        var node = CoreObjects.node(name)
        node["status"] = [
            "addresses": .array(addresses.map { ["type": "InternalIP", "address": .string($0)] })
        ]
        return node
    }

    func service(_ number: Int) -> JSONValue {
        // One in ten has a NodePort; there are 2,768, of which those from 32,500 on are others'.
        let hasNodePort = number % 10 == 0 && number < 25_000
        return service("s-\(number)", clusterIP: number, nodePort: hasNodePort ? 30_000 + number / 10 : nil)
    }

    var sentinelService: JSONValue { service(Self.sentinel, clusterIP: sentinelNumber, nodePort: 32_500) }
    /// Above those of all others, so that a full sync in the order of addresses comes to it last.
    private var sentinelNumber: Int { size.services + 10 }
    var sentinelAddress: IPAddress { Self.clusterIP(sentinelNumber, probedFamily) }

    /// A Service that comes and goes.
    static let guest = "zz-guest"
    private var guestNumber: Int { size.services + 20 }
    var guestService: JSONValue { service(Self.guest, clusterIP: guestNumber, nodePort: nil) }
    var guestAddress: IPAddress { Self.clusterIP(guestNumber, probedFamily) }

    /// A Service for many connections, whose endpoint's server takes them and does nothing.
    static let dataPath = "zz-data"
    static let dataPathNodePort: UInt16 = 32_501
    static let dataPathPodPort: UInt16 = 8081
    private var dataPathNumber: Int { size.services + 40 }
    var dataPathAddress: IPAddress { Self.clusterIP(dataPathNumber, probedFamily) }
    var dataPathService: JSONValue {
        service(Self.dataPath, clusterIP: dataPathNumber, nodePort: Int(Self.dataPathNodePort))
    }
    func dataPathSlice(family index: Int) -> JSONValue {
        Self.slice(
            Self.dataPath, [Self.livePod(0, families[index])], families[index], port: Self.dataPathPodPort)
    }

    private func service(_ name: String, clusterIP number: Int, nodePort: Int?) -> JSONValue {
        let addresses = families.map { Self.clusterIP(number, $0).description }
        var port: JSONValue = [
            "name": "http", "port": JSONValue(Int(Self.servicePort)), "targetPort": JSONValue(Int(Self.podPort)),
            "protocol": "TCP",
        ]
        if let nodePort { port["nodePort"] = JSONValue(nodePort) }
        return [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": [
                "type": nodePort == nil ? "ClusterIP" : "NodePort", "clusterIP": .string(addresses[0]),
                "clusterIPs": JSONValue(addresses),
                "ipFamilies": JSONValue(families.map { $0 == .ipv4 ? "IPv4" : "IPv6" }),
                "ipFamilyPolicy": families.count == 2 ? "RequireDualStack" : "SingleStack", "ports": [port],
            ],
        ]
    }

    /// A slice of Service `number`, whose endpoints are others in each version.
    func slice(_ number: Int, family index: Int, version: Int = 0) -> JSONValue {
        let first = number * size.endpoints
        let pods = (0..<size.endpoints).map { place in
            // One is another in each version, the others stay.
            place == version % size.endpoints ? first + place + version * 1_000_003 % 4_000_000 : first + place
        }
        return Self.slice("s-\(number)", pods.map { Self.pod($0, families[index]) }, families[index])
    }

    /// One of several slices of a big Service; from version to version one endpoint is another.
    func bigSlice(_ name: String, number: Int, endpoints: Int, version: Int) -> JSONValue {
        let pods = (0..<endpoints).map { place -> IPAddress in
            let generation = (version - place + endpoints - 1) / endpoints
            return Self.pod(4_100_000 + generation * 10_000 + number * 1000 + place, families[0])
        }
        var slice = Self.slice(name, pods, families[0])
        slice["metadata"]?["name"] = .string("\(name)-\(number)")
        return slice
    }

    /// The sentinel's or the guest's, whose one endpoint is a pod that answers.
    func liveSlice(_ name: String, _ which: Int, family index: Int) -> JSONValue {
        Self.slice(name, [Self.livePod(which, families[index])], families[index])
    }

    static func sliceName(_ service: String, _ family: IPFamily) -> String {
        "\(service)-\(family == .ipv4 ? "v4" : "v6")"
    }

    func sliceName(_ service: String, family index: Int) -> String { Self.sliceName(service, families[index]) }

    private static func slice(
        _ service: String, _ pods: [IPAddress], _ family: IPFamily, port: UInt16 = podPort
    ) -> JSONValue {
        let endpoints = pods.enumerated().map { index, address -> JSONValue in
            [
                "addresses": [.string("\(address)")], "conditions": ["ready": true],
                "nodeName": .string("node-\(1 + index % 99)"),
            ]
        }
        return [
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
            "metadata": [
                "name": .string(sliceName(service, family)), "labels": ["kubernetes.io/service-name": .string(service)],
            ],
            "addressType": family == .ipv4 ? "IPv4" : "IPv6", "endpoints": .array(endpoints),
            "ports": [["name": "http", "port": JSONValue(Int(port)), "protocol": "TCP"]],
        ]
    }
}

import HealthServer
import KubeAPI
import Net
import Netlink
import Proxy
import Synchronization
import TestSupport

/// A node's health check servers in a namespace of their own, which has the LAN's host addresses 1, 2 and 3.
final class HealthLab: Sendable {
    let namespace: NetworkNamespace
    let log = LogLines()
    let server: HealthServer
    private let healthy: SharedFlag

    init(limits: HTTPLimits = HTTPLimits(), bindFailed: @escaping @Sendable (BindFailure) -> Void = { _ in }) throws {
        let namespace = try LabNamespace.create(forwards: false)
        try namespace.run {
            var socket = try RouteSocket()
            // Loopback is the first link of every namespace.
            try socket.perform([1, 2, 3].flatMap { LabNamespace.addresses(LabAddresses.host($0), on: 1) })
        }
        let healthy = SharedFlag()
        let logger = log.makeLogger()
        server = try namespace.run {
            HealthServer(limits: limits, logger: logger, bindFailed: bindFailed) { healthy.value }
        }
        self.namespace = namespace
        self.healthy = healthy
    }

    func setHealthy(_ value: Bool) { healthy.value = value }

    /// Says what the servers have to answer: Services by name, with their port and number of local endpoints.
    func update(hosts: [UInt8], _ services: [String: (port: UInt16, localEndpoints: Int)]) {
        var checks = HealthChecks()
        checks.addresses = Set(hosts.flatMap { LabAddresses.host($0).both })
        checks.services = services.sorted { $0.key < $1.key }.map { name, service in
            HealthChecks.Service(
                name: ObjectName(namespace: "default", name: name), port: service.port,
                localEndpoints: service.localEndpoints)
        }
        server.update(checks)
    }

    /// What curl is told there; nil when nobody answers.
    func ask(_ address: IPAddress, _ port: UInt16, path: String = "/", _ options: [String] = []) throws -> HTTPReply? {
        let host = address.family == .ipv4 ? "\(address)" : "[\(address)]"
        let command = ["curl", "--silent", "--globoff", "--include", "--max-time", "5"] + options
        do {
            return HTTPReply(try Tool.run(command + ["http://\(host):\(port)\(path)"], in: namespace))
        } catch is Tool.Failure {
            return nil
        }
    }

    /// Local address and inode of each listening socket, as ss(8) prints them: the inode is another one for a new socket.
    func listeners() throws -> [String: String] {
        let text = try Tool.run("ss", "--no-header", "--listening", "--tcp", "--numeric", "--extended", in: namespace)
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 3, let inode = words.first(where: { $0.hasPrefix("ino:") }) else { continue }
            found[String(words[3])] = String(inode)
        }
        return found
    }

    /// How ss prints the listeners of these hosts and ports.
    static func names(hosts: [UInt8], ports: [UInt16]) -> Set<String> {
        Set(
            hosts.flatMap { host in
                ports.flatMap { ["\(LabAddresses.host(host).v4):\($0)", "[\(LabAddresses.host(host).v6)]:\($0)"] }
            })
    }
}

/// A truth value for two threads.
private final class SharedFlag: Sendable {
    private let flag = Mutex(true)

    var value: Bool {
        get { flag.withLock { $0 } }
        set { flag.withLock { $0 = newValue } }
    }
}

/// An HTTP response, as `curl --include` prints it.
struct HTTPReply: Hashable {
    let status: Int
    /// By name, in lower case.
    let headers: [String: String]
    let body: String

    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].drop { $0 == " " }.description
        }
        self.status = status
        self.headers = headers
        body = String(text[end.upperBound...])
    }
}

import Net
import Netlink

/// The other network namespaces of this node: those that a process is in, and those with a name.
enum NodeNamespaces {
    /// The addresses of their interfaces but loopback. A namespace that goes away meanwhile has none.
    static func addresses() throws(CNIError) -> Set<IPAddress> {
        do throws(SystemError) {
            var seen: Set = [try NetworkNamespace.current().identity]
            var addresses: Set<IPAddress> = []
            for path in try paths() {
                guard let namespace = try? NetworkNamespace(path: path), seen.insert(namespace.identity).inserted,
                    let list = try? namespace.run({ try interfaceAddresses() })
                else { continue }
                addresses.formUnion(list)
            }
            return addresses
        } catch {
            throw CNIError(.ioFailure, "addresses in other network namespaces: \(error)")
        }
    }

    private static func paths() throws(SystemError) -> [String] {
        let processes = try Directory.open("/proc")?.names().filter { $0.allSatisfy(\.isNumber) } ?? []
        let names = try Directory.open("/run/netns")?.names() ?? []
        return names.map(NamedNetworkNamespace.path) + processes.map { "/proc/\($0)/ns/net" }
    }

    private static func interfaceAddresses() throws(NetlinkError) -> [IPAddress] {
        var socket = try RouteSocket()
        return try socket.addresses().map(\.address).filter { !$0.isLoopback && !$0.isLinkLocal }
    }
}

import KubeAPI
import Net

/// Why a Service cannot have the addresses or ports it needs.
package struct AllocationError: Error, Equatable, CustomStringConvertible {
    package enum Cause: Equatable, Sendable {
        /// Another Service has it.
        case inUse(String, by: NamespacedName)
        /// The first address of a range belongs to Service default/kubernetes.
        case reservedForKubernetes(IPAddress)
        case outside(String, range: String)
        /// Nothing is free in the range.
        case exhausted(range: String)
    }

    package let service: NamespacedName
    /// `spec.clusterIP`, `spec.ports[0].nodePort`.
    package let path: String
    package let cause: Cause

    package var description: String {
        let text =
            switch cause {
            case .inUse(let value, let other): "\(value) is already used by Service \(other)"
            case .reservedForKubernetes(let address): "\(address) is reserved for Service default/kubernetes"
            case .outside(let value, let range): "\(value) is not in the range \(range)"
            case .exhausted(let range): "nothing is free in the range \(range)"
            }
        return "Service \(service): \(path): \(text)"
    }

    /// 422 for what the object says, 507 when a range is used up.
    var status: Status {
        if case .exhausted = cause { return Status(code: 507, reason: "InsufficientStorage", message: description) }
        return Status(code: 422, reason: "Invalid", message: description)
    }
}

/// A value that one Service at a time can have.
enum Claim: Hashable, Sendable, CustomStringConvertible {
    case address(IPAddress)
    case nodePort(UInt16, L4Protocol)

    var description: String {
        switch self {
        case .address(let address): "\(address)"
        case .nodePort(let port, let transport): "\(port)/\(transport)"
        }
    }
}

extension KubeAPI.Service {
    /// What the object says it has, with the fields that say so.
    var claims: [(claim: Claim, path: String)] {
        guard spec.type != "ExternalName" else { return [] }
        var claims: [(claim: Claim, path: String)] = []
        let addresses = spec.clusterIPs.isEmpty ? [spec.clusterIP] : spec.clusterIPs
        for (index, text) in addresses.enumerated() {
            guard let address = IPAddress(parsing: text) else { continue }
            claims.append((.address(address), index == 0 ? "spec.clusterIP" : "spec.clusterIPs[\(index)]"))
        }
        guard usesNodePorts else { return claims }
        for (index, port) in spec.ports.enumerated() where port.nodePort != 0 {
            guard let number = UInt16(exactly: port.nodePort) else { continue }
            let transport = L4Protocol(name: port.protocol) ?? .tcp
            claims.append((.nodePort(number, transport), "spec.ports[\(index)].nodePort"))
        }
        if let port = spec.healthCheckNodePort.flatMap(UInt16.init(exactly:)), port != 0, wantsHealthCheckNodePort {
            claims.append((.nodePort(port, .tcp), "spec.healthCheckNodePort"))
        }
        return claims
    }
}

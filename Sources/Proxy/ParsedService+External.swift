import Dataplane
import KubeAPI
import Net

/// What Services ask for beyond ports on cluster addresses.
extension ParsedService {
    /// As the API server's default (k8s.io/api `DefaultClientIPServiceAffinitySeconds`).
    private static let defaultAffinitySeconds: UInt32 = 10_800
    private static let longestAffinitySeconds = 86_400

    static func affinitySeconds(_ spec: ServiceSpec, problems: inout ProblemList) -> UInt32 {
        guard spec.sessionAffinity == "ClientIP" else { return 0 }
        guard let seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds else { return defaultAffinitySeconds }
        guard (1...longestAffinitySeconds).contains(seconds) else {
            problems.append(
                "sessionAffinity: a timeout of \(seconds) s is not in 1…\(longestAffinitySeconds), "
                    + "it is \(defaultAffinitySeconds) s in its place")
            return defaultAffinitySeconds
        }
        return UInt32(seconds)
    }

    static func healthCheckPort(_ spec: ServiceSpec, problems: inout ProblemList) -> UInt16 {
        guard spec.type == "LoadBalancer", spec.isLocalOutside, let number = spec.healthCheckNodePort, number != 0
        else { return 0 }
        guard let port = UInt16(exactly: number) else {
            problems.append("healthCheckNodePort \(number) is not a port number and is left out")
            return 0
        }
        return port
    }

    /// The addresses of the load balancer that lead straight here, then `externalIPs`; an address that is both is the
    /// load balancer's, which may be guarded.
    ///
    /// - Parameters:
    ///   - clusterIPs: the Service's own, whose families these can have.
    ///   - servedFamilies: what else is left out for its family is not worth a word.
    static func externals(
        of service: Service, beside clusterIPs: [IPAddress], servedFamilies: Set<IPFamily>,
        problems: inout ProblemList
    ) -> [External] {
        var externals: [External] = []
        func add(_ text: String, _ field: String, isLoadBalancer: Bool) {
            do throws(AddressParseError) {
                let address = try IPAddress(text)
                guard servedFamilies.contains(address.family) else { return }
                if let unfitness = address.unfitness {
                    problems.append("\(field) \(address) is \(unfitness) and is left out")
                } else if !clusterIPs.contains(where: { $0.family == address.family }) {
                    problems.append("\(field) \(address) is left out: the Service has no \(address.family) ClusterIP")
                } else if clusterIPs.contains(address) {
                    problems.append("\(field) \(address) is the ClusterIP, too, and is left out")
                } else if !externals.contains(where: { $0.address == address }) {
                    externals.append(External(address: address, isLoadBalancer: isLoadBalancer))
                }
            } catch {
                problems.append("\(field) \(error)")
            }
        }
        if service.spec.type == "LoadBalancer" {
            // `Proxy`: the load balancer ends connections itself, and must get those from here, too (KEP-1860).
            for ingress in service.status?.loadBalancer?.ingress ?? [] where ingress.ipMode ?? "VIP" == "VIP" {
                if let ip = ingress.ip, !ip.isEmpty { add(ip, "load balancer address", isLoadBalancer: true) }
            }
        }
        for text in service.spec.externalIPs { add(text, "externalIP", isLoadBalancer: false) }
        return externals
    }
}

extension ServiceSpec {
    /// `externalTrafficPolicy: Local` on a Service that can be reached from outside: on others it says nothing.
    var isLocalOutside: Bool {
        externalTrafficPolicy == "Local" && (type == "NodePort" || type == "LoadBalancer" || !externalIPs.isEmpty)
    }
}

extension ObjectMeta {
    /// A Service that everything else needs: the API server's and DNS.
    fileprivate var isEssentialDNS: Bool {
        namespace == "kube-system" && (name == "kube-dns" || name == "coredns" || labels["k8s-app"] == "kube-dns")
    }

    var isEssential: Bool { namespace == "default" && name == "kubernetes" || isEssentialDNS }
}

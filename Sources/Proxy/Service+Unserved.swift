import KubeAPI

extension Service {
    /// Reports what this Service asks for and the proxy does not do, with what it does in its place.
    func reportUnserved(problems: inout ProblemList) {
        if spec.externalTrafficPolicy == "Local" {
            problems.append(
                "externalTrafficPolicy Local is not honoured yet: external traffic goes to endpoints of all nodes, "
                    + "masqueraded, and healthCheckNodePort is not served")
        }
        if spec.internalTrafficPolicy == "Local" {
            problems.append(
                "internalTrafficPolicy Local is not honoured yet: traffic goes to endpoints of all nodes")
        }
        if spec.sessionAffinity == "ClientIP" {
            problems.append("sessionAffinity ClientIP is not honoured yet: each connection picks any endpoint")
        }
        if spec.trafficDistribution != nil {
            problems.append("trafficDistribution is not honoured yet: traffic goes to endpoints of all nodes and zones")
        }
        if !spec.externalIPs.isEmpty {
            problems.append("externalIPs are not served yet")
        }
        let ingress = status?.loadBalancer?.ingress ?? []
        if spec.type == "LoadBalancer", ingress.contains(where: { $0.ip != nil && $0.ipMode != "Proxy" }) {
            problems.append("load balancer addresses are not served on the node yet, only ClusterIP and NodePort are")
        }
        if !spec.loadBalancerSourceRanges.isEmpty {
            problems.append("loadBalancerSourceRanges are not enforced yet")
        }
    }
}

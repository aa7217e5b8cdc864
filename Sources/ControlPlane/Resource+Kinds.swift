import KubeAPI

/// The kinds that this process works with itself.
extension Resource {
    static let pods = Resource(core: "Pod", "pods")
    static let namespaces = Resource(core: "Namespace", "namespaces", isNamespaced: false)
    static let services = Resource(core: "Service", "services")
    static let nodes = Resource(core: "Node", "nodes", isNamespaced: false)
    static let endpoints = Resource(core: "Endpoints", "endpoints")
    static let endpointSlices = Resource("discovery.k8s.io", "EndpointSlice", "endpointslices")
    static let configMaps = Resource(core: "ConfigMap", "configmaps")
    static let secrets = Resource(core: "Secret", "secrets")
    static let serviceAccounts = Resource(core: "ServiceAccount", "serviceaccounts")
    static let events = Resource(core: "Event", "events")
    static let deployments = Resource("apps", "Deployment", "deployments")
    static let replicaSets = Resource("apps", "ReplicaSet", "replicasets")
    static let daemonSets = Resource("apps", "DaemonSet", "daemonsets")
    static let statefulSets = Resource("apps", "StatefulSet", "statefulsets")
    static let controllerRevisions = Resource("apps", "ControllerRevision", "controllerrevisions")
    static let jobs = Resource("batch", "Job", "jobs")
    static let cronJobs = Resource("batch", "CronJob", "cronjobs")
    static let leases = Resource("coordination.k8s.io", "Lease", "leases")
    static let networkPolicies = Resource("networking.k8s.io", "NetworkPolicy", "networkpolicies")
    static let disruptionBudgets = Resource("policy", "PodDisruptionBudget", "poddisruptionbudgets")

    static let serviceCIDRs = Resource("networking.k8s.io", "ServiceCIDR", "servicecidrs", isNamespaced: false)
    static let ipAddresses = Resource("networking.k8s.io", "IPAddress", "ipaddresses", isNamespaced: false)

    private init(core kind: String, _ plural: String, isNamespaced: Bool = true) {
        self.init(group: "", version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }

    private init(_ group: String, _ kind: String, _ plural: String, isNamespaced: Bool = true) {
        self.init(group: group, version: "v1", kind: kind, plural: plural, isNamespaced: isNamespaced)
    }
}

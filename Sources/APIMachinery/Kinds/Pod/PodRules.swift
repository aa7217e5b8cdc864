import KubeAPI

/// Pods (upstream's pkg/registry/core/pod).
package enum PodRules {
    static let rules = KindRules(
        resource: Resource(core: "Pod", "pods"), singular: "pod", shortNames: ["po"], categories: ["all"],
        subresources: ["status", "binding", "eviction", "ephemeralcontainers"],
        strategy: .init(deletesGracefully: true),
        setDefaults: setDefaults, prepare: prepare, prepareStatus: prepareStatus, failures: failures,
        statusFailures: statusFailures,
        selectableFields: [
            "spec.nodeName": { $0.spec.text("nodeName") },
            "spec.restartPolicy": { $0.spec.text("restartPolicy") },
            "spec.schedulerName": { $0.spec.text("schedulerName") },
            "spec.serviceAccountName": { $0.spec.text("serviceAccountName") },
            "spec.hostNetwork": { $0.spec.flag("hostNetwork") ? "true" : "false" },
            "status.phase": { $0.status.text("phase") },
            "status.podIP": address, "status.podIPs": address,
            "status.nominatedNodeName": { $0.status.text("nominatedNodeName") },
        ],
        columns: PodColumns.columns, columnFields: PodColumns.fields, rowCells: PodColumns.cells,
        rowConditions: PodColumns.conditions)

    private static let address: @Sendable (Unstructured) -> String = {
        $0.status.list("podIPs").first?.text("ip") ?? $0.status.text("podIP")
    }

    /// How long a deletion gives the pod (`CheckGracefulDelete`): what the request says, else what the pod says. A pod that
    /// no node runs, or that has come to its end, goes at once.
    package static func gracePeriodSeconds(_ pod: Unstructured, requested: Int?) -> Int {
        if pod.spec.text("nodeName").isEmpty { return 0 }
        if ["Failed", "Succeeded"].contains(pod.status.text("phase")) { return 0 }
        let period = requested ?? pod.spec.number("terminationGracePeriodSeconds")
        return period < 0 ? 1 : period
    }
}

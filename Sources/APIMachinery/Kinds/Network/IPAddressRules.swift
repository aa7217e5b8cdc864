import KubeAPI

/// IPAddresses (upstream's pkg/registry/networking/ipaddress).
enum IPAddressRules {
    static let rules = KindRules(
        resource: Resource("networking.k8s.io", "IPAddress", "ipaddresses", isNamespaced: false), singular: "ipaddress",
        shortNames: ["ip"], prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures,
        columns: NetworkColumns.ipAddress, columnFields: FieldMask(["spec.parentRef"]))
}

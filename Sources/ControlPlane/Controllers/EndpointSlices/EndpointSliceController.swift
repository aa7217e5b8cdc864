import KubeAPI

/// What kube-controller-manager's controller of that name has, and whoever reads its slices may rest on.
package enum EndpointSliceController {
    /// The value of the label `endpointslice.kubernetes.io/managed-by`.
    package static let name = "endpointslice-controller.k8s.io"
    /// The most endpoints that a slice gets.
    package static let endpointLimit = 100
}

extension Node {
    /// The label that says in which zone a Node is.
    package static let zoneLabel = "topology.kubernetes.io/zone"
}

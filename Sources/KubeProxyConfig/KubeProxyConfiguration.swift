/// kube-proxy's configuration (kubeproxy.config.k8s.io/v1alpha1 `KubeProxyConfiguration`), with its defaults.
package struct KubeProxyConfiguration: Sendable, Equatable {
    package init() {}
}

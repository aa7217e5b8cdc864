/// How the API server is spoken to (k8s.io/component-base/config/v1alpha1 `ClientConnectionConfiguration`).
package struct ClientConnection: Sendable, Equatable {
    /// A file; empty for the service account of the Pod.
    package var kubeconfig = ""
    package var acceptContentTypes = ""
    package var contentType = ""
    /// Requests a second.
    package var qps = 0.0
    /// Requests at once.
    package var burst: Int32 = 0

    package init() {}
}

extension ClientConnection: ConfigurationSection {
    mutating func exchange(_ fields: inout FieldExchange) {
        fields.field("kubeconfig", &kubeconfig)
        fields.field("acceptContentTypes", &acceptContentTypes)
        fields.field("contentType", &contentType)
        fields.field("qps", &qps)
        fields.field("burst", &burst)
    }
}

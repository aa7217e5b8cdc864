/// A group of the API at its one version, `v1`: where the names of its schemas begin.
enum SchemaPackage: String, Sendable, CaseIterable {
    case core
    case apps
    case batch
    case discovery
    case events
    case coordination
    case policy
    case networking
    case autoscaling
    case authentication
    case authorization
    /// What all groups share; its kinds are found in the core group.
    case meta

    /// `io.k8s.api.apps.v1.`, as upstream's OpenAPI has it.
    var prefix: String {
        self == .meta ? "io.k8s.apimachinery.pkg.apis.meta.v1." : "io.k8s.api.\(rawValue).v1."
    }

    /// The API group: empty for the core group.
    var group: String {
        switch self {
        case .core, .meta: ""
        case .apps, .batch, .policy, .autoscaling: rawValue
        case .discovery, .events, .coordination, .networking, .authentication, .authorization: "\(rawValue).k8s.io"
        }
    }
}

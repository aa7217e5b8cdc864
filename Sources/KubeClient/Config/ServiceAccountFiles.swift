/// Where a Pod finds the credentials of its ServiceAccount.
package struct ServiceAccountFiles: Sendable {
    package let directory: String

    package init(directory: String = "/var/run/secrets/kubernetes.io/serviceaccount") { self.directory = directory }

    var token: String { "\(directory)/token" }
    var authority: String { "\(directory)/ca.crt" }
    var namespace: String { "\(directory)/namespace" }
}

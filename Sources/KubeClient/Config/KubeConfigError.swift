/// A setting of the client that cannot be used: which file, which entry of it, which field, and why. Never holds a secret.
package struct KubeConfigError: Error, Hashable, Sendable, CustomStringConvertible {
    /// "kubeconfig /etc/kubernetes/kubelet.conf"; nil where no file is at fault.
    package var file: String?
    /// "user 'kube-proxy'", "context 'default'".
    package var entry: String?
    /// "client-certificate-data".
    package var field: String?
    package let problem: String

    package init(file: String? = nil, entry: String? = nil, field: String? = nil, problem: String) {
        self.file = file
        self.entry = entry
        self.field = field
        self.problem = problem
    }

    /// `kubeconfig kubelet.conf: user 'kube-proxy': tokenFile: token: no such file`.
    package var description: String {
        [file, entry, field, problem].compactMap { $0 }.joined(separator: ": ")
    }
}

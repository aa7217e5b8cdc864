import Glibc

/// The kubectl of this machine.
package enum Kubectl {
    /// Nil where there is none. `FAIRLEAD_KUBECTL` names another one.
    package static let path: String? = {
        let named = getenv("FAIRLEAD_KUBECTL").map { [String(cString: $0)] } ?? []
        return (named + ["/usr/bin/kubectl", "/usr/local/bin/kubectl"]).first { access($0, X_OK) == 0 }
    }()
}

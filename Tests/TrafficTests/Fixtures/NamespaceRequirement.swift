import FoundationEssentials
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// The test makes network namespaces, for which it needs root. Without root it is skipped, but not in CI: there it
    /// fails, at its first namespace.
    static var networkNamespaces: Self {
        .enabled(if: mayMakeNamespaces, "network namespaces need root")
    }
}

private let mayMakeNamespaces =
    Privileges.isRoot || ProcessInfo.processInfo.environment["CI"] != nil

import Glibc
import Netlink
import Testing

/// Tests that make network namespaces. Without root they are skipped, but not in CI: there they fail.
let mayMakeNamespaces = geteuid() == 0 || getenv("CI") != nil

/// Runs `body` in a new network namespace that ends with it.
func inNewNamespace<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try NetworkNamespace.create().run(body)
}

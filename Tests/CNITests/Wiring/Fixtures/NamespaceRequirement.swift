import Glibc
import Netlink
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// The test makes network namespaces, for which it needs root. Without root it is skipped, but not in CI: there it
    /// fails, at its first namespace.
    static var wiringNamespaces: Self {
        .enabled(if: mayMakeNamespaces, "network namespaces need root")
    }

    /// The test needs a kernel whose bridges know VLANs; Debian's do.
    static var bridgeVLANs: Self {
        .enabled(if: hasBridgeVLANs, "this kernel's bridges know no VLANs")
    }
}

private let hasBridgeVLANs =
    mayMakeNamespaces
    && (try? NetworkNamespace.create().run { () throws -> Void in
        var socket = try RouteSocket()
        let attributes = LinkAttributes(name: "br0", filtersVLANs: true)
        try socket.perform(.addLink(LinkSpecification(attributes, kind: .bridge)))
    }) != nil

private let mayMakeNamespaces = unsafe Privileges.isRoot || getenv("CI") != nil

let ownProcessID = getpid()

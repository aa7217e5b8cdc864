import Net

extension IPAddress {
    /// Why no service port may lead to or listen on this address ("a loopback address"); nil when it may.
    ///
    /// The same addresses that the API server refuses in EndpointSlices (k8s.io/kubernetes
    /// pkg/apis/core/validation, `ValidateEndpointIP`), and IPv4 in the clothes of IPv6, which no IPv6 packet carries.
    var unfitness: String? {
        if isUnspecified { return "the unspecified address" }
        if isLoopback { return "a loopback address" }
        if isLinkLocal { return "a link-local address" }
        if isMulticast { return "a multicast address" }
        if family == .ipv6 && highBits == 0 && lowBits >> 32 == 0xFFFF { return "an IPv4-mapped address" }
        return nil
    }
}

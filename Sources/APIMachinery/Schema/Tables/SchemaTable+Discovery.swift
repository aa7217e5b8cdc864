extension SchemaTable {
    /// discovery.k8s.io/v1.
    static let discovery = SchemaTable(
        .discovery,
        """
        Endpoint
         addresses [string]*! set | Where it is reached.
         conditions EndpointConditions | Whether it is ready, serves, or ends.
         deprecatedTopology {string}
         hints EndpointHints | Who should use it.
         hostname string*
         nodeName string* | The node that it is on.
         targetRef core.ObjectReference | The Pod that it is.
         zone string* | The zone that it is in.
        EndpointConditions
         ready bool*
         serving bool*
         terminating bool*
        EndpointHints
         forNodes [ForNode]
         forZones [ForZone]
        EndpointPort atomic
         appProtocol string*
         name string*
         port int32*
         protocol string* go=v1.Protocol
        EndpointSlice kind list | Some of the addresses behind a Service.
         addressType string*! go=v1.AddressType | IPv4, IPv6 or FQDN.
         endpoints [Endpoint]* | The addresses, with what is known of each.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         ports [EndpointPort]* | The ports that all of them have.
        ForNode
         name string*!
        ForZone
         name string*!
        """)
}

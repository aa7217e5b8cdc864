extension SchemaTable {
    /// discovery.k8s.io/v1.
    static let discovery = SchemaTable(
        .discovery,
        """
        Endpoint
         addresses [string]*! =1 set | Where it is reached.
         conditions EndpointConditions =2 | Whether it is ready, serves, or ends.
         deprecatedTopology {string} =5
         hints EndpointHints =8 | Who should use it.
         hostname string* =3
         nodeName string* =6 | The node that it is on.
         targetRef core.ObjectReference =4 | The Pod that it is.
         zone string* =7 | The zone that it is in.
        EndpointConditions
         ready bool* =1
         serving bool* =2
         terminating bool* =3
        EndpointHints
         forNodes [ForNode] =2
         forZones [ForZone] =1
        EndpointPort atomic
         appProtocol string* =4
         name string* =1
         port int32* =3
         protocol string* =2 go=v1.Protocol
        EndpointSlice kind list | Some of the addresses behind a Service.
         addressType string*! =4 go=v1.AddressType | IPv4, IPv6 or FQDN.
         endpoints [Endpoint]* =2 | The addresses, with what is known of each.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         ports [EndpointPort]* =3 | The ports that all of them have.
        ForNode
         name string*! =1
        ForZone
         name string*! =1
        """)
}

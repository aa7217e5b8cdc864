extension SchemaTable {
    /// networking.k8s.io/v1.
    static let networking = SchemaTable(
        .networking,
        """
        IPAddress kind list | An address that a Service has.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec IPAddressSpec! =2 | Who has it.
        IPAddressSpec
         parentRef ParentReference! =1 | The object that has it.
        IPBlock
         cidr string*! =1
         except [string] =2
        NetworkPolicy kind list | Who may reach a set of Pods, and whom they may reach.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec NetworkPolicySpec =2 | The Pods and the rules.
        NetworkPolicyEgressRule
         ports [NetworkPolicyPort] =1
         to [NetworkPolicyPeer] =2
        NetworkPolicyIngressRule
         from [NetworkPolicyPeer] =2
         ports [NetworkPolicyPort] =1
        NetworkPolicyPeer
         ipBlock IPBlock =3
         namespaceSelector meta.LabelSelector =2
         podSelector meta.LabelSelector =1
        NetworkPolicyPort
         endPort int32* =3
         port intOrString* =2
         protocol string* =1 go=v1.Protocol
        NetworkPolicySpec
         egress [NetworkPolicyEgressRule] =3 | Whom the Pods may reach.
         ingress [NetworkPolicyIngressRule] =2 | Who may reach the Pods.
         podSelector meta.LabelSelector =1 | The labels of the Pods; all of the namespace where empty.
         policyTypes [string] =4 go=[]v1.PolicyType | Ingress, Egress or both.
        ParentReference
         group string =1
         name string! =4
         namespace string =3
         resource string! =2
        ServiceCIDR kind list | Blocks that Services get their addresses from.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec ServiceCIDRSpec =2 | The blocks.
         status ServiceCIDRStatus =3 | Whether they are in use.
        ServiceCIDRSpec
         cidrs [string] =1 | One block of each address family at most.
        ServiceCIDRStatus
         conditions [meta.Condition] =1 map(type) merge(type)
        """)
}

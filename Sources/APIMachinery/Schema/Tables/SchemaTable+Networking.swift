extension SchemaTable {
    /// networking.k8s.io/v1.
    static let networking = SchemaTable(
        .networking,
        """
        IPAddress kind list | An address that a Service has.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec IPAddressSpec! | Who has it.
        IPAddressSpec
         parentRef ParentReference! | The object that has it.
        IPBlock
         cidr string*!
         except [string]
        NetworkPolicy kind list | Who may reach a set of Pods, and whom they may reach.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec NetworkPolicySpec | The Pods and the rules.
        NetworkPolicyEgressRule
         ports [NetworkPolicyPort]
         to [NetworkPolicyPeer]
        NetworkPolicyIngressRule
         from [NetworkPolicyPeer]
         ports [NetworkPolicyPort]
        NetworkPolicyPeer
         ipBlock IPBlock
         namespaceSelector meta.LabelSelector
         podSelector meta.LabelSelector
        NetworkPolicyPort
         endPort int32*
         port intOrString*
         protocol string* go=v1.Protocol
        NetworkPolicySpec
         egress [NetworkPolicyEgressRule] | Whom the Pods may reach.
         ingress [NetworkPolicyIngressRule] | Who may reach the Pods.
         podSelector meta.LabelSelector | The labels of the Pods; all of the namespace where empty.
         policyTypes [string] go=[]v1.PolicyType | Ingress, Egress or both.
        ParentReference
         group string
         name string!
         namespace string
         resource string!
        ServiceCIDR kind list | Blocks that Services get their addresses from.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec ServiceCIDRSpec | The blocks.
         status ServiceCIDRStatus | Whether they are in use.
        ServiceCIDRSpec
         cidrs [string] | One block of each address family at most.
        ServiceCIDRStatus
         conditions [meta.Condition] map(type) merge(type)
        """)
}

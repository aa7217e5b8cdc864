extension SchemaTable {
    /// policy/v1.
    static let policy = SchemaTable(
        .policy,
        """
        Eviction kind | Asks a Pod to leave, as far as budgets allow.
         deleteOptions meta.DeleteOptions =2 | How the Pod is deleted.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
        PodDisruptionBudget kind list | How many Pods of a set may be evicted at a time.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec PodDisruptionBudgetSpec =2 | The set, and how many must stay.
         status PodDisruptionBudgetStatus =3 | How many may go now.
        PodDisruptionBudgetSpec
         maxUnavailable intOrString* =3 | How many may be missing after an eviction, or a share.
         minAvailable intOrString* =1 | How many must stay after an eviction, or a share.
         selector meta.LabelSelector =2 replace | The labels of the Pods.
         unhealthyPodEvictionPolicy string* =4 go=v1.UnhealthyPodEvictionPolicyType
        PodDisruptionBudgetStatus
         conditions [meta.Condition] =7 map(type) merge(type)
         currentHealthy int32* =4
         desiredHealthy int32* =5
         disruptedPods {time} =2
         disruptionsAllowed int32* =3
         expectedPods int32* =6
         observedGeneration int64 =1
        """)
}

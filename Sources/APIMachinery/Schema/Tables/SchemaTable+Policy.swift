extension SchemaTable {
    /// policy/v1.
    static let policy = SchemaTable(
        .policy,
        """
        Eviction kind | Asks a Pod to leave, as far as budgets allow.
         deleteOptions meta.DeleteOptions | How the Pod is deleted.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
        PodDisruptionBudget kind list | How many Pods of a set may be evicted at a time.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec PodDisruptionBudgetSpec | The set, and how many must stay.
         status PodDisruptionBudgetStatus | How many may go now.
        PodDisruptionBudgetSpec
         maxUnavailable intOrString* | How many may be missing after an eviction, or a share.
         minAvailable intOrString* | How many must stay after an eviction, or a share.
         selector meta.LabelSelector replace | The labels of the Pods.
         unhealthyPodEvictionPolicy string* go=v1.UnhealthyPodEvictionPolicyType
        PodDisruptionBudgetStatus
         conditions [meta.Condition] map(type) merge(type)
         currentHealthy int32*
         desiredHealthy int32*
         disruptedPods {time}
         disruptionsAllowed int32*
         expectedPods int32*
         observedGeneration int64
        """)
}

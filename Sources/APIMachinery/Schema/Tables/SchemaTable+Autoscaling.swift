extension SchemaTable {
    /// autoscaling/v1.
    static let autoscaling = SchemaTable(
        .autoscaling,
        """
        Scale kind | The number of Pods of a set, and nothing else of it.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec ScaleSpec | The number that is wanted.
         status ScaleStatus | The number that there is.
        ScaleSpec
         replicas int32 | How many are wanted.
        ScaleStatus
         replicas int32*! | How many there are.
         selector string | The labels of the Pods, as text.
        """)
}

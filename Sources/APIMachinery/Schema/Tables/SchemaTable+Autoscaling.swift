extension SchemaTable {
    /// autoscaling/v1.
    static let autoscaling = SchemaTable(
        .autoscaling,
        """
        Scale kind | The number of Pods of a set, and nothing else of it.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec ScaleSpec =2 | The number that is wanted.
         status ScaleStatus =3 | The number that there is.
        ScaleSpec
         replicas int32 =1 | How many are wanted.
        ScaleStatus
         replicas int32*! =1 | How many there are.
         selector string =2 | The labels of the Pods, as text.
        """)
}

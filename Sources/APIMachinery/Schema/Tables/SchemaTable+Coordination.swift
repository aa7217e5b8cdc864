extension SchemaTable {
    /// coordination.k8s.io/v1.
    static let coordination = SchemaTable(
        .coordination,
        """
        Lease kind list | Who holds something, and until when.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec LeaseSpec | The holder and its times.
        LeaseSpec
         acquireTime microTime* | When the holder took it.
         holderIdentity string* | Who holds it.
         leaseDurationSeconds int32* | How long it is held without renewal.
         leaseTransitions int32* | How often the holder changed.
         preferredHolder string*
         renewTime microTime* | When it was last renewed.
         strategy string* go=v1.CoordinatedLeaseStrategy
        """)
}

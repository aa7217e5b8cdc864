extension SchemaTable {
    /// coordination.k8s.io/v1.
    static let coordination = SchemaTable(
        .coordination,
        """
        Lease kind list | Who holds something, and until when.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec LeaseSpec =2 | The holder and its times.
        LeaseSpec
         acquireTime microTime* =3 | When the holder took it.
         holderIdentity string* =1 | Who holds it.
         leaseDurationSeconds int32* =2 | How long it is held without renewal.
         leaseTransitions int32* =5 | How often the holder changed.
         preferredHolder string* =7
         renewTime microTime* =4 | When it was last renewed.
         strategy string* =6 go=v1.CoordinatedLeaseStrategy
        """)
}

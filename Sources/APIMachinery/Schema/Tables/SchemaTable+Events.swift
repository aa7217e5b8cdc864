extension SchemaTable {
    /// events.k8s.io/v1.
    static let events = SchemaTable(
        .events,
        """
        Event kind list | Something that happened to an object.
         action string | What was done.
         deprecatedCount int32 | The old name of a series' count.
         deprecatedFirstTimestamp time | When it happened first, in the old form.
         deprecatedLastTimestamp time | When it happened last, in the old form.
         deprecatedSource core.EventSource | Who noticed it, in the old form.
         eventTime microTime*! | When it was noticed.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         note string | For people.
         reason string | Why it was done.
         regarding core.ObjectReference | What it is about.
         related core.ObjectReference | Another object that has to do with it.
         reportingController string | Who noticed it.
         reportingInstance string | Which of several noticed it.
         series EventSeries | How often it has happened since.
         type string | Normal or Warning.
        EventSeries
         count int32*!
         lastObservedTime microTime*!
        """)
}

extension SchemaTable {
    /// events.k8s.io/v1.
    static let events = SchemaTable(
        .events,
        """
        Event kind list | Something that happened to an object.
         action string | What was done.
         deprecatedCount int32
         deprecatedFirstTimestamp time
         deprecatedLastTimestamp time
         deprecatedSource core.EventSource
         eventTime microTime*! | When it was noticed.
         metadata meta.ObjectMeta
         note string | For people.
         reason string | Why it was done.
         regarding core.ObjectReference | What it is about.
         related core.ObjectReference | Another object that has to do with it.
         reportingController string | Who noticed it.
         reportingInstance string
         series EventSeries
         type string | Normal or Warning.
        EventSeries
         count int32*!
         lastObservedTime microTime*!
        """)
}

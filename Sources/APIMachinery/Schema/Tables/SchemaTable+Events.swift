extension SchemaTable {
    /// events.k8s.io/v1.
    static let events = SchemaTable(
        .events,
        """
        Event kind list | Something that happened to an object.
         action string =6 | What was done.
         deprecatedCount int32 =15 | The old name of a series' count.
         deprecatedFirstTimestamp time =13 | When it happened first, in the old form.
         deprecatedLastTimestamp time =14 | When it happened last, in the old form.
         deprecatedSource core.EventSource =12 | Who noticed it, in the old form.
         eventTime microTime*! =2 | When it was noticed.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         note string =10 | For people.
         reason string =7 | Why it was done.
         regarding core.ObjectReference =8 | What it is about.
         related core.ObjectReference =9 | Another object that has to do with it.
         reportingController string =4 | Who noticed it.
         reportingInstance string =5 | Which of several noticed it.
         series EventSeries =3 | How often it has happened since.
         type string =11 | Normal or Warning.
        EventSeries
         count int32*! =1
         lastObservedTime microTime*! =2
        """)
}

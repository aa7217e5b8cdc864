extension SchemaTable {
    /// meta/v1.
    static let meta = SchemaTable(
        .meta,
        """
        Condition
         lastTransitionTime time*!
         message string*!
         observedGeneration int64
         reason string*!
         status string*! go=v1.ConditionStatus | True, False or Unknown.
         type string*! | What the condition is about.
        DeleteOptions kind | How an object is deleted.
         dryRun [string]
         gracePeriodSeconds int64* | How long the end may take; 0 for at once.
         ignoreStoreReadErrorWithClusterBreakingPotential bool*
         orphanDependents bool*
         preconditions Preconditions | The object must be this one.
         propagationPolicy string* go=v1.DeletionPropagation | Orphan, Background or Foreground: what becomes of the objects that it owns.
        FieldSelectorRequirement
         key string*!
         operator string*! go=v1.FieldSelectorOperator
         values [string]
        LabelSelector atomic | Objects by their labels; all of them where it is empty.
         matchExpressions [LabelSelectorRequirement] | Rules that must all hold.
         matchLabels {string} | Labels that must all be there with these values.
        LabelSelectorRequirement
         key string*! | The label.
         operator string*! go=v1.LabelSelectorOperator | In, NotIn, Exists or DoesNotExist.
         values [string] | The values for In and NotIn.
        ListMeta
         continue string | Asks for the next part of the list.
         remainingItemCount int64* | How many objects follow.
         resourceVersion string | The version of the list.
         selfLink string
         shardInfo ShardInfo
        ManagedFieldsEntry
         apiVersion string
         fieldsType string
         fieldsV1 any
         manager string
         operation string go=v1.ManagedFieldsOperationType
         subresource string
         time time*
        ObjectMeta | What every object has.
         annotations {string} | Texts for tools and people, by key.
         creationTimestamp time | When the object was made; set by the system.
         deletionGracePeriodSeconds int64* | How long the end may take; set by the system.
         deletionTimestamp time* | When the object is to be gone; set by the system once it is deleted.
         finalizers [string] set merge | What must be done before the object may vanish.
         generateName string | The beginning of a name that the system completes.
         generation int64 | Counts the changes of what is wanted; set by the system.
         labels {string} | What objects are selected by.
         managedFields [ManagedFieldsEntry] | Which client set which fields.
         name string | Its name, unlike that of any other object of its kind in the namespace.
         namespace string | The namespace that it is in.
         ownerReferences [OwnerReference] map(uid) merge(uid) | Objects that it belongs to; it goes when they have gone.
         resourceVersion string | The version of the object; set by the system, and compared as a whole only.
         selfLink string
         uid string go=types.UID | Tells it from all other objects that ever were; set by the system.
        OwnerReference atomic
         apiVersion string*! | The owner's API version.
         blockOwnerDeletion bool* | A deletion of the owner in the foreground waits for this object.
         controller bool* | This owner is the one that acts for the object.
         kind string*! | The owner's kind.
         name string*! | The owner's name.
         uid string*! go=types.UID | The owner's uid.
        Preconditions
         resourceVersion string*
         uid string* go=types.UID
        ShardInfo
         selector string*!
        Status kind | What a call came to.
         code int32 | The HTTP status.
         details StatusDetails | What the failure is about.
         message string | For people.
         metadata ListMeta
         reason string go=v1.StatusReason | One word for why the call failed.
         status string | Success or Failure.
        StatusCause
         field string
         message string
         reason string go=v1.CauseType
        StatusDetails
         causes [StatusCause]
         group string
         kind string
         name string
         retryAfterSeconds int32
         uid string go=types.UID
        """)
}

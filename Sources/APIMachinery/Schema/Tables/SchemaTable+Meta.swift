extension SchemaTable {
    /// meta/v1.
    static let meta = SchemaTable(
        .meta,
        """
        Condition
         lastTransitionTime time*! =4
         message string*! =6
         observedGeneration int64 =3
         reason string*! =5
         status string*! =2 go=v1.ConditionStatus | True, False or Unknown.
         type string*! =1 | What the condition is about.
        DeleteOptions kind | How an object is deleted.
         dryRun [string] =5
         gracePeriodSeconds int64* =1 | How long the end may take; 0 for at once.
         ignoreStoreReadErrorWithClusterBreakingPotential bool* =6
         orphanDependents bool* =3
         preconditions Preconditions =2 | The object must be this one.
         propagationPolicy string* =4 go=v1.DeletionPropagation | Orphan, Background or Foreground: what becomes of the objects that it owns.
        FieldSelectorRequirement
         key string*! =1
         operator string*! =2 go=v1.FieldSelectorOperator
         values [string] =3
        LabelSelector atomic | Objects by their labels; all of them where it is empty.
         matchExpressions [LabelSelectorRequirement] =2 | Rules that must all hold.
         matchLabels {string} =1 | Labels that must all be there with these values.
        LabelSelectorRequirement
         key string*! =1 | The label.
         operator string*! =2 go=v1.LabelSelectorOperator | In, NotIn, Exists or DoesNotExist.
         values [string] =3 | The values for In and NotIn.
        ListMeta
         continue string =3 | Asks for the next part of the list.
         remainingItemCount int64* =4 | How many objects follow.
         resourceVersion string =2 | The version of the list.
         selfLink string =1
         shardInfo ShardInfo =5
        ManagedFieldsEntry
         apiVersion string =3
         fieldsType string =6
         fieldsV1 any =7
         manager string =1
         operation string =2 go=v1.ManagedFieldsOperationType
         subresource string =8
         time time* =4
        ObjectMeta | What every object has.
         annotations {string} =12 | Texts for tools and people, by key.
         creationTimestamp time =8 | When the object was made; set by the system.
         deletionGracePeriodSeconds int64* =10 | How long the end may take; set by the system.
         deletionTimestamp time* =9 | When the object is to be gone; set by the system once it is deleted.
         finalizers [string] =14 set merge | What must be done before the object may vanish.
         generateName string =2 | The beginning of a name that the system completes.
         generation int64 =7 | Counts the changes of what is wanted; set by the system.
         labels {string} =11 | What objects are selected by.
         managedFields [ManagedFieldsEntry] =17 | Which client set which fields.
         name string =1 | Its name, unlike that of any other object of its kind in the namespace.
         namespace string =3 | The namespace that it is in.
         ownerReferences [OwnerReference] =13 map(uid) merge(uid) | Objects that it belongs to; it goes when they have gone.
         resourceVersion string =6 | The version of the object; set by the system, and compared as a whole only.
         selfLink string =4
         uid string =5 go=types.UID | Tells it from all other objects that ever were; set by the system.
        OwnerReference atomic
         apiVersion string*! =5 | The owner's API version.
         blockOwnerDeletion bool* =7 | A deletion of the owner in the foreground waits for this object.
         controller bool* =6 | This owner is the one that acts for the object.
         kind string*! =1 | The owner's kind.
         name string*! =3 | The owner's name.
         uid string*! =4 go=types.UID | The owner's uid.
        Preconditions
         resourceVersion string* =2
         uid string* =1 go=types.UID
        ShardInfo
         selector string*! =1
        Status kind | What a call came to.
         code int32 =6 | The HTTP status.
         details StatusDetails =5 | What the failure is about.
         message string =3 | For people.
         metadata ListMeta =1
         reason string =4 go=v1.StatusReason | One word for why the call failed.
         status string =2 | Success or Failure.
        StatusCause
         field string =3
         message string =2
         reason string =1 go=v1.CauseType
        StatusDetails
         causes [StatusCause] =4
         group string =2
         kind string =3
         name string =1
         retryAfterSeconds int32 =5
         uid string =6 go=types.UID
        """)
}

extension SchemaTable {
    /// authorization.k8s.io/v1.
    static let authorization = SchemaTable(
        .authorization,
        """
        FieldSelectorAttributes
         rawSelector string
         requirements [meta.FieldSelectorRequirement]
        LabelSelectorAttributes
         rawSelector string
         requirements [meta.LabelSelectorRequirement]
        LocalSubjectAccessReview kind | Asks what somebody may do in a namespace.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec SubjectAccessReviewSpec! | Who wants to do what.
         status SubjectAccessReviewStatus | Whether he may.
        NonResourceAttributes
         path string
         verb string
        NonResourceRule
         nonResourceURLs [string]
         verbs [string]*!
        ResourceAttributes
         fieldSelector FieldSelectorAttributes
         group string
         labelSelector LabelSelectorAttributes
         name string
         namespace string
         resource string
         subresource string
         verb string
         version string
        ResourceRule
         apiGroups [string]
         resourceNames [string]
         resources [string]
         verbs [string]*!
        SelfSubjectAccessReview kind | Asks what the client itself may do.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec SelfSubjectAccessReviewSpec! | What it wants to do.
         status SubjectAccessReviewStatus | Whether it may.
        SelfSubjectAccessReviewSpec
         nonResourceAttributes NonResourceAttributes
         resourceAttributes ResourceAttributes
        SelfSubjectRulesReview kind | Asks for all that the client itself may do.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec SelfSubjectRulesReviewSpec! | The namespace.
         status SubjectRulesReviewStatus | What it may do.
        SelfSubjectRulesReviewSpec
         namespace string
        SubjectAccessReview kind | Asks what somebody may do.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec SubjectAccessReviewSpec! | Who wants to do what.
         status SubjectAccessReviewStatus | Whether he may.
        SubjectAccessReviewSpec
         extra {[string]} go=map[string]v1.ExtraValue
         groups [string]
         nonResourceAttributes NonResourceAttributes
         resourceAttributes ResourceAttributes
         uid string
         user string
        SubjectAccessReviewStatus
         allowed bool*!
         denied bool
         evaluationError string
         reason string
        SubjectRulesReviewStatus
         evaluationError string
         incomplete bool*!
         nonResourceRules [NonResourceRule]*!
         resourceRules [ResourceRule]*!
        """)
}

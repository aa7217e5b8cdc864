extension SchemaTable {
    /// authorization.k8s.io/v1.
    static let authorization = SchemaTable(
        .authorization,
        """
        FieldSelectorAttributes
         rawSelector string =1
         requirements [meta.FieldSelectorRequirement] =2
        LabelSelectorAttributes
         rawSelector string =1
         requirements [meta.LabelSelectorRequirement] =2
        LocalSubjectAccessReview kind | Asks what somebody may do in a namespace.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec SubjectAccessReviewSpec! =2 | Who wants to do what.
         status SubjectAccessReviewStatus =3 | Whether he may.
        NonResourceAttributes
         path string =1
         verb string =2
        NonResourceRule
         nonResourceURLs [string] =2
         verbs [string]*! =1
        ResourceAttributes
         fieldSelector FieldSelectorAttributes =8
         group string =3
         labelSelector LabelSelectorAttributes =9
         name string =7
         namespace string =1
         resource string =5
         subresource string =6
         verb string =2
         version string =4
        ResourceRule
         apiGroups [string] =2
         resourceNames [string] =4
         resources [string] =3
         verbs [string]*! =1
        SelfSubjectAccessReview kind | Asks what the client itself may do.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec SelfSubjectAccessReviewSpec! =2 | What it wants to do.
         status SubjectAccessReviewStatus =3 | Whether it may.
        SelfSubjectAccessReviewSpec
         nonResourceAttributes NonResourceAttributes =2
         resourceAttributes ResourceAttributes =1
        SelfSubjectRulesReview kind | Asks for all that the client itself may do.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec SelfSubjectRulesReviewSpec! =2 | The namespace.
         status SubjectRulesReviewStatus =3 | What it may do.
        SelfSubjectRulesReviewSpec
         namespace string =1
        SubjectAccessReview kind | Asks what somebody may do.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec SubjectAccessReviewSpec! =2 | Who wants to do what.
         status SubjectAccessReviewStatus =3 | Whether he may.
        SubjectAccessReviewSpec
         extra {[string]} =5 go=map[string]v1.ExtraValue
         groups [string] =4
         nonResourceAttributes NonResourceAttributes =2
         resourceAttributes ResourceAttributes =1
         uid string =6
         user string =3
        SubjectAccessReviewStatus
         allowed bool*! =1
         denied bool =4
         evaluationError string =3
         reason string =2
        SubjectRulesReviewStatus
         evaluationError string =4
         incomplete bool*! =3
         nonResourceRules [NonResourceRule]*! =2
         resourceRules [ResourceRule]*! =1
        """)
}

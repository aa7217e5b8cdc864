extension SchemaTable {
    /// authentication.k8s.io/v1.
    static let authentication = SchemaTable(
        .authentication,
        """
        BoundObjectReference
         apiVersion string
         kind string
         name string
         uid string go=types.UID
        SelfSubjectReview kind | Asks who the client itself is.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         status SelfSubjectReviewStatus | Who it is.
        SelfSubjectReviewStatus
         userInfo UserInfo
        TokenRequest kind | Asks for a token of a service account.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec TokenRequestSpec | For whom and how long.
         status TokenRequestStatus | The token.
        TokenRequestSpec
         audiences [string]*
         boundObjectRef BoundObjectReference
         expirationSeconds int64*
        TokenRequestStatus
         expirationTimestamp time*
         token string*
        TokenReview kind | Asks whom a token belongs to.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec TokenReviewSpec! | The token.
         status TokenReviewStatus | Its owner.
        TokenReviewSpec
         audiences [string]
         token string!
        TokenReviewStatus
         audiences [string]
         authenticated bool
         error string
         user UserInfo
        UserInfo
         extra {[string]} go=map[string]v1.ExtraValue
         groups [string]
         uid string
         username string
        """)
}

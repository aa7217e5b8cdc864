extension SchemaTable {
    /// authentication.k8s.io/v1.
    static let authentication = SchemaTable(
        .authentication,
        """
        BoundObjectReference
         apiVersion string =2
         kind string =1
         name string =3
         uid string =4 go=types.UID
        SelfSubjectReview kind | Asks who the client itself is.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         status SelfSubjectReviewStatus =2 | Who it is.
        SelfSubjectReviewStatus
         userInfo UserInfo =1
        TokenRequest kind | Asks for a token of a service account.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec TokenRequestSpec =2 | For whom and how long.
         status TokenRequestStatus =3 | The token.
        TokenRequestSpec
         audiences [string]* =1
         boundObjectRef BoundObjectReference =3
         expirationSeconds int64* =4
        TokenRequestStatus
         expirationTimestamp time* =2
         token string* =1
        TokenReview kind | Asks whom a token belongs to.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec TokenReviewSpec! =2 | The token.
         status TokenReviewStatus =3 | Its owner.
        TokenReviewSpec
         audiences [string] =2
         token string! =1
        TokenReviewStatus
         audiences [string] =4
         authenticated bool =1
         error string =3
         user UserInfo =2
        UserInfo
         extra {[string]} =4 go=map[string]v1.ExtraValue
         groups [string] =3
         uid string =2
         username string =1
        """)
}

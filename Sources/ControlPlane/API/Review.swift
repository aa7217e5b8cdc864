/// Questions about the client itself, which are asked as objects that nobody stores: who am I, what may I do.
enum Review: String, CaseIterable {
    case selfSubjectReviews = "selfsubjectreviews"
    case tokenReviews = "tokenreviews"
    case selfSubjectAccessReviews = "selfsubjectaccessreviews"
    case selfSubjectRulesReviews = "selfsubjectrulesreviews"
    case subjectAccessReviews = "subjectaccessreviews"
    case localSubjectAccessReviews = "localsubjectaccessreviews"

    static var groupVersions: [(String, String)] {
        [("authentication.k8s.io", "v1"), ("authorization.k8s.io", "v1")]
    }

    init?(_ path: ResourcePath) {
        guard let review = Review(rawValue: path.plural), review.isNamespaced == (path.namespace != nil),
            path.version == "v1", review.group == path.group
        else { return nil }
        self = review
    }

    var group: String {
        switch self {
        case .selfSubjectReviews, .tokenReviews: "authentication.k8s.io"
        default: "authorization.k8s.io"
        }
    }

    var kind: String {
        switch self {
        case .selfSubjectReviews: "SelfSubjectReview"
        case .tokenReviews: "TokenReview"
        case .selfSubjectAccessReviews: "SelfSubjectAccessReview"
        case .selfSubjectRulesReviews: "SelfSubjectRulesReview"
        case .subjectAccessReviews: "SubjectAccessReview"
        case .localSubjectAccessReviews: "LocalSubjectAccessReview"
        }
    }

    /// Whether it is asked in a namespace.
    var isNamespaced: Bool { self == .localSubjectAccessReviews }
}

import KubeAPI

/// Why an answer was none, or came to no good end, by what has to be done next.
struct ReflectorFailure: Error, Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// No connection, or one that broke or stayed silent.
        case broken
        /// A list in a watch whose end is not told: the server does not know such lists.
        case endless
        /// 410: the resource version or the continue token is too old.
        case expired
        /// The resource version is one that the server does not have yet: it has an older state than it had.
        case tooNew
        /// 429.
        case overloaded
        /// 5xx.
        case unavailable
        /// 400, 422 and their like: this question is not one that the server answers.
        case rejected
        /// 404.
        case missing
        /// 403.
        case forbidden
        /// What came is not what should come.
        case malformed
        /// Anything else, 401 among it.
        case other
    }

    let kind: Kind
    /// For people.
    let text: String
    var retryAfterSeconds: Int?
    /// Equal for failures that need not be told apart: a status' message holds numbers that change.
    private let group: String

    init(_ kind: Kind, _ text: String, retryAfterSeconds: Int? = nil, group: String? = nil) {
        self.kind = kind
        self.text = text
        self.retryAfterSeconds = retryAfterSeconds
        self.group = group ?? text
    }

    var key: String { "\(kind) \(group)" }
}

extension ReflectorFailure {
    /// An answer of the HTTP status `code`.
    init(_ status: Status, code: Int, retryAfterSeconds: Int?) {
        let kind: Kind =
            if status.isExpired || code == 410 {
                .expired
            } else if status.saysTooNew {
                .tooNew
            } else {
                switch code {
                case 429: .overloaded
                case 500...: .unavailable
                case 400, 405, 406, 415, 422: .rejected
                case 404: .missing
                case 403: .forbidden
                default: .other
                }
            }
        self.init(kind, status, code: code, retryAfterSeconds: retryAfterSeconds)
    }

    /// The ERROR line of a watch. What resuming cannot cure calls for a new list, as in client-go.
    init(watchError status: Status) {
        let kind: Kind =
            if status.isExpired {
                .expired
            } else if status.saysTooNew {
                .tooNew
            } else {
                status.code == 429 ? .overloaded : .other
            }
        self.init(kind, status, code: status.code, retryAfterSeconds: nil)
    }

    private init(_ kind: Kind, _ status: Status, code: Int, retryAfterSeconds: Int?) {
        let inBody = status.details?.retryAfterSeconds ?? 0
        self.init(
            kind, "\(code): \(status)", retryAfterSeconds: retryAfterSeconds ?? (inBody > 0 ? inBody : nil),
            group: "\(code) \(status.reason)")
    }

    init(_ error: any Error) {
        switch error {
        case let failure as ReflectorFailure: self = failure
        case let error as DecodeError: self.init(.malformed, "\(error)")
        case KubeError.refused(let status, let retryAfterSeconds):
            self.init(status, code: status.code, retryAfterSeconds: retryAfterSeconds)
        case KubeError.malformed(let problem): self.init(.malformed, problem)
        case let error as KubeError: self.init(.broken, "\(error)")
        default: self.init(.broken, "the connection broke: \(error)")
        }
    }
}

extension Status {
    fileprivate var isExpired: Bool { code == 410 || reason == "Expired" || reason == "Gone" }

    /// apimachinery api/errors `IsTooLargeResourceVersion`; the message is that of servers before 1.20.
    fileprivate var saysTooNew: Bool {
        (details?.causes ?? []).contains {
            $0.reason == "ResourceVersionTooLarge" || $0.message == "Too large resource version"
        }
    }
}

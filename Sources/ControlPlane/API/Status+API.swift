import KubeAPI

/// Failures of reads, worded as upstream words them (k8s.io/apiserver, api/errors).
extension Status {
    /// A body of more than 3 MiB.
    static func tooLargeBody(limitBytes: Int) -> Status {
        Status(
            code: 413, reason: "RequestEntityTooLarge",
            message: "Request entity too large: limit is \(limitBytes)")
    }

    /// A body in a form that is not read.
    static func unsupportedMediaType(_ accepted: [String]) -> Status {
        Status(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", "))
    }

    /// Parameters of a write that there are not.
    static func invalidOptions(_ kind: String, _ causes: [Cause]) -> Status {
        let options = Resource(group: "meta.k8s.io", version: "v1", kind: kind, plural: "", isNamespaced: false)
        return .invalid(options, name: "", causes: causes)
    }

    /// Neither a path of discovery nor one of a resource.
    static let unknownPath = Status(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource")

    /// No JSON: all that is served (endpoints/handlers/negotiation).
    static let notAcceptable = Status(
        code: 406, reason: "NotAcceptable",
        message: "only the following media types are accepted: application/json")

    /// A method that a path outside of the resources has not.
    static let methodNotAllowed = Status(
        code: 405, reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource")

    /// A verb that a resource has not: all but reads.
    static func methodNotSupported(_ verb: String, on resource: Resource) -> Status {
        let name = resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)"
        var status = Status(
            code: 405, reason: "MethodNotAllowed",
            message: "\(verb) is not supported on resources of kind \"\(name)\"")
        status.details = Details(group: resource.group, kind: resource.plural)
        return status
    }

    /// Parameters that do not go together.
    static func invalidOptions(_ causes: [Cause]) -> Status { invalidOptions("ListOptions", causes) }

    /// A resource version that the store has not reached: 504, which tells a client to list without one.
    static func tooLarge(_ requested: Int64, current: Int64) -> Status {
        var status = Status(
            code: 504, reason: "Timeout",
            message: "Timeout: Too large resource version: \(requested), current: \(current)")
        var details = Details(causes: [
            Cause(field: "", message: "Too large resource version", reason: "ResourceVersionTooLarge")
        ])
        details.retryAfterSeconds = 1
        status.details = details
        return status
    }

    /// The start of a watch is no longer in the history.
    static func tooOld(_ requested: Int64, oldest: Int64) -> Status {
        .expired("too old resource version: \(requested) (\(oldest))")
    }

    /// A page of a list whose revision is no longer in the history.
    static let continueExpired = Status.expired(
        "The provided continue parameter is too old to display a consistent list result. "
            + "You can start a new list without the continue parameter.")

    /// An exact revision that is no longer in the history.
    static let listExpired = Status.expired("The resourceVersion for the provided list is too old.")
}

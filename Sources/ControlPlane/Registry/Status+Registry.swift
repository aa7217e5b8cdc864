import KubeAPI

/// Failures of writes, in upstream's words (k8s.io/apimachinery api/errors, apiserver registry/rest).
extension Status {
    /// Something is wrong with the server, not with the request.
    static func internalError(_ cause: String) -> Status {
        var status = Status(code: 500, reason: "InternalError", message: "Internal error occurred: \(cause)")
        status.details = Details(causes: [Cause(field: "", message: cause, reason: "")])
        return status
    }

    static func forbidden(_ resource: Resource, name: String, _ cause: String) -> Status {
        let qualified = resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)"
        let subject = name.isEmpty ? qualified : "\(qualified) \"\(name)\""
        var status = Status(code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(cause)")
        status.details = Details(name: name, group: resource.group, kind: resource.plural)
        return status
    }

    /// The client may try again after so many seconds; 0 where nobody knows.
    static func tooManyRequests(_ message: String, retryAfterSeconds: Int) -> Status {
        var status = Status(code: 429, reason: "TooManyRequests", message: message)
        var details = Details()
        details.retryAfterSeconds = retryAfterSeconds
        status.details = details
        return status
    }

    /// A name that the server made is taken.
    static func generatedNameTaken(_ resource: Resource, name: String) -> Status {
        let qualified = resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)"
        var status = Status(
            code: 409, reason: "AlreadyExists",
            message: "\(qualified) \"\(name)\" already exists, the server was not able to generate a unique name for "
                + "the object")
        var details = Details(name: name, group: resource.group, kind: resource.plural)
        details.retryAfterSeconds = 1
        status.details = details
        return status
    }

    /// The uid that a write names is another object's (storage `Preconditions.Check`).
    static func uidDiffers(_ kind: ServedKind, _ name: ObjectName, wanted: String, found: String) -> Status {
        .conflict(
            kind.resource, name: name.name,
            cause: "StorageError: invalid object, Code: 4, Key: \(kind.key(name)), ResourceVersion: 0, "
                + "AdditionalErrorMsg: Precondition failed: UID in precondition: \(wanted), UID in object meta: \(found)"
        )
    }

    /// No content can be made in a namespace that is ending.
    static func namespaceTerminating(_ resource: Resource, name: String, namespace: String) -> Status {
        var status = Status.forbidden(
            resource, name: name,
            "unable to create new content in namespace \(namespace) because it is being terminated")
        status.details?.causes = [
            Cause(
                field: "metadata.namespace", message: "namespace \(namespace) is being terminated",
                reason: "NamespaceTerminating")
        ]
        return status
    }
}

/// The failures that the API knows, worded as upstream words them (k8s.io/apimachinery api/errors/errors.go).
extension Status {
    package static func notFound(_ resource: Resource, name: String) -> Status {
        about(resource, name, code: 404, reason: "NotFound", message: "\(resource.quoted(name)) not found")
    }

    package static func alreadyExists(_ resource: Resource, name: String) -> Status {
        about(resource, name, code: 409, reason: "AlreadyExists", message: "\(resource.quoted(name)) already exists")
    }

    /// The object was changed by someone else; `cause` says what did not fit.
    package static func conflict(
        _ resource: Resource, name: String,
        cause: String = "the object has been modified; please apply your changes to the latest version and try again"
    ) -> Status {
        about(
            resource, name, code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource.quoted(name)): \(cause)")
    }

    /// A resource version that the store no longer keeps: the client must list again.
    package static func expired(_ message: String) -> Status {
        Status(code: 410, reason: "Expired", message: message)
    }

    package static func badRequest(_ message: String) -> Status {
        Status(code: 400, reason: "BadRequest", message: message)
    }

    /// An object that breaks the rules of its kind, with one cause for each field at fault.
    package static func invalid(_ resource: Resource, name: String, causes: [Cause]) -> Status {
        // What is said twice is told once (upstream's `ToAggregate`).
        var told: Set<String> = []
        let words = causes.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
            .filter { told.insert($0).inserted }
        let list = words.count == 1 ? words[0] : "[\(words.joined(separator: ", "))]"
        let kind = resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)"
        var status = Status(
            code: 422, reason: "Invalid",
            message: "\(kind) \"\(name)\" is invalid" + (words.isEmpty ? "" : ": \(list)"))
        status.details = Details(name: name, group: resource.group, kind: resource.kind, causes: causes)
        return status
    }

    private static func about(
        _ resource: Resource, _ name: String, code: Int, reason: String, message: String
    ) -> Status {
        var status = Status(code: code, reason: reason, message: message)
        status.details = Details(name: name, group: resource.group, kind: resource.plural)
        return status
    }
}

extension Resource {
    /// `endpointslices.discovery.k8s.io "web-x"`.
    fileprivate func quoted(_ name: String) -> String {
        "\(group.isEmpty ? plural : "\(plural).\(group)") \"\(name)\""
    }
}

import KubeAPI

/// A kind that the control plane keeps: what is filled in, what is checked, and what counts as its desired state.
package protocol APIObject: KubernetesObject {
    /// Fills in what the API server fills in where a field is left out.
    mutating func setDefaults()

    /// The rules that the object breaks; `old` is what it replaces.
    func failures(replacing old: Self?) -> [FieldFailure]

    /// Whether `metadata.generation` stays.
    func hasDesiredState(of other: Self) -> Bool
}

extension APIObject {
    /// The rules for the name and the namespace, which every kind has.
    func nameFailures(_ rule: (String) -> String?) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if metadata.name.isEmpty {
            failures.append(.required("metadata.name", "name or generateName is required"))
        } else if let cause = rule(metadata.name) {
            failures.append(.invalid("metadata.name", metadata.name, cause))
        }
        let namespace = metadata.namespace
        if !Self.resource.isNamespaced {
            if !namespace.isEmpty {
                failures.append(.forbidden("metadata.namespace", "not allowed on this type"))
            }
        } else if namespace.isEmpty {
            failures.append(.required("metadata.namespace"))
        } else if let cause = NameRules.dns1123Label(namespace) {
            failures.append(.invalid("metadata.namespace", namespace, cause))
        }
        return failures
    }
}

extension [FieldFailure] {
    /// Appends a failure where `cause` is not nil.
    mutating func check(_ path: String, _ value: String, _ cause: String?) {
        if let cause { append(.invalid(path, value, cause)) }
    }

    /// Appends a failure where the port is out of range.
    mutating func checkPort(_ path: String, _ port: Int) {
        if let cause = NameRules.port(port) { append(.invalid(path, port, cause)) }
    }

    /// Appends a failure where the value is none of those supported.
    mutating func check(_ path: String, _ value: String, isOneOf supported: [String]) {
        if !supported.contains(value) { append(.unsupported(path, value, supported)) }
    }
}

extension Namespace: APIObject {
    package mutating func setDefaults() {}
    package func failures(replacing old: Namespace?) -> [FieldFailure] { nameFailures(NameRules.dns1123Label) }
    package func hasDesiredState(of other: Namespace) -> Bool { true }
}

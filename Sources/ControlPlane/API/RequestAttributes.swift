import Hummingbird
import KubeAPI

/// What a request asks for, as authorisation and metrics see it (k8s.io/apiserver endpoints/request, `RequestInfo`).
package struct RequestAttributes: Sendable, Hashable {
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; of what is no resource the method
    /// in small letters.
    package var verb: String
    /// Without the query.
    package var path: String
    /// Whether the following say something.
    package var isResource = false
    /// Empty for the core group.
    package var group = ""
    package var version = ""
    /// `pods`.
    package var resource = ""
    /// `status`; mostly empty.
    package var subresource = ""
    /// Empty for all namespaces, and for kinds that have none. Of a Namespace it is its name.
    package var namespace = ""
    /// Empty where no object is named.
    package var name = ""

    package init(verb: String, path: String) {
        self.verb = verb
        self.path = path
    }

    init(_ target: RequestTarget, _ method: HTTPRequest.Method, path: String, _ query: RequestQuery) {
        self.init(verb: method.rawValue.lowercased(), path: path)
        let place: ResourcePath
        switch target {
        case .collection(let path): place = path
        case .object(let path, let name):
            place = path
            self.name = name
        case .subresource(let path, let name, let subresource):
            place = path
            self.name = name
            self.subresource = subresource
        default: return
        }
        isResource = true
        group = place.group
        version = place.version
        resource = place.plural
        namespace = place.namespace ?? ""
        if resource == "namespaces", namespace.isEmpty { namespace = name }
        verb = Self.verb(of: method, isCollection: name.isEmpty, query)
        // A list of one name is a question about this object.
        if name.isEmpty, ["list", "watch", "deletecollection"].contains(verb) { name = query.selectedName }
    }

    private static func verb(of method: HTTPRequest.Method, isCollection: Bool, _ query: RequestQuery) -> String {
        switch method {
        case .get, .head: isCollection ? query.flag("watch") == true ? "watch" : "list" : "get"
        case .post: "create"
        case .put: "update"
        case .patch: "patch"
        case .delete: isCollection ? "deletecollection" : "delete"
        default: ""
        }
    }

    /// Whether it changes nothing (server/filters/maxinflight.go).
    var isReadOnly: Bool { ["get", "head", "list", "watch"].contains(verb) }

    /// Whether it goes on until somebody ends it.
    var isLongRunning: Bool { isResource && verb == "watch" }
}

extension RequestQuery {
    /// The name that the field selector asks for; empty where it asks for more than one.
    fileprivate var selectedName: String {
        let text = self["fieldSelector"]
        guard !text.isEmpty, let query = try? FieldQuery(parsing: text) else { return "" }
        return query.requirements.first { $0.path == "metadata.name" && !$0.isNegated }?.value ?? ""
    }
}

import Hummingbird
import KubeAPI

/// The way of one request: path → resource table → handler. What goes wrong on it becomes a `Status`.
struct APIResponder: HTTPResponder {
    let table: ResourceTable
    let reads: ReadHandler
    let watches: WatchHandler
    let discovery: DiscoveryHandler
    let hosts: HostRule
    let security: APISecurity
    let isReady: @Sendable () -> Bool

    init(_ store: any Store, _ configuration: APIServerConfiguration, isReady: @escaping @Sendable () -> Bool) {
        table = ResourceTable()
        reads = ReadHandler(store: store, drainLimit: configuration.drainLimit)
        watches = WatchHandler(store: store, configuration: configuration)
        discovery = DiscoveryHandler(table: table)
        security = configuration.security
        hosts = HostRule(servedAddress: configuration.address, isAuthenticated: security.isAuthenticating)
        self.isReady = isReady
    }

    func respond(to request: Request, context: APIContext) async throws -> Response {
        do {
            var context = context
            try hosts.check(request.head.authority)
            context.user = try await security.admit(
                method: request.method.rawValue, path: request.uri.string,
                authorization: request.headers[.authorization], on: context.channel)
            let response = try await answer(request, context)
            return request.method == .head ? response.createHeadResponse() : response
        } catch let status as Status {
            return try .failure(status)
        } catch let error as StoreError {
            return try .failure(error.status)
        }
    }

    private func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        switch RequestTarget(path: request.uri.path) {
        case .collection(let path):
            guard let resource = table.find(path, isObject: false) else { throw Status.unknownPath }
            try checkMethod(request, on: resource.resource, isObject: false)
            let query = RequestQuery(request.uri)
            if query.flag("watch") == true {
                return try await watches.watch(resource, namespace: path.namespace, query, request, context)
            }
            return try await reads.list(resource, namespace: path.namespace, query, context)
        case .object(let path, let name):
            guard let resource = table.find(path, isObject: true) else { throw Status.unknownPath }
            try checkMethod(request, on: resource.resource, isObject: true)
            return try await reads.get(resource, namespace: path.namespace, name: name, RequestQuery(request.uri))
        case let target:
            guard [.get, .head].contains(request.method) else { throw Status.methodNotAllowed }
            return try answer(target)
        }
    }

    private func answer(_ target: RequestTarget) throws -> Response {
        switch target {
        case .liveness: return .text("ok")
        case .readiness:
            return isReady() ? .text("ok") : .text("readyz check failed", status: .internalServerError)
        default: return try discovery.answer(target)
        }
    }

    private func checkMethod(_ request: Request, on resource: Resource, isObject: Bool) throws(Status) {
        switch request.method {
        case .get, .head:
            guard MediaTypes.acceptsJSON(request.headers[.accept]) else { throw .notAcceptable }
        case .post: throw .methodNotSupported("create", on: resource)
        case .put: throw .methodNotSupported("update", on: resource)
        case .patch: throw .methodNotSupported("patch", on: resource)
        case .delete: throw .methodNotSupported(isObject ? "delete" : "deletecollection", on: resource)
        default: throw .methodNotAllowed
        }
    }
}

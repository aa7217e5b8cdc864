import Hummingbird
import KubeAPI
import Storage

/// The way of one request: path → resource table → handler. What goes wrong on it becomes a `Status`.
struct APIResponder: HTTPResponder {
    let table: ResourceTable
    let reads: ReadHandler
    let writes: WriteHandler
    let subresources: SubresourceHandler
    let reviews: ReviewHandler
    let watches: WatchHandler
    let discovery: DiscoveryHandler
    let openAPI: OpenAPIHandler
    let health: HealthHandler
    let hosts: HostRule
    let security: APISecurity

    init(_ registry: Registry, _ configuration: APIServerConfiguration, isReady: @escaping @Sendable () -> Bool) {
        table = ResourceTable(registry.kinds)
        reads = ReadHandler(registry: registry, drainLimit: configuration.drainLimit)
        writes = WriteHandler(registry: registry, reads: reads)
        subresources = SubresourceHandler(
            registry: registry, reads: reads, writes: writes, tokens: configuration.tokens)
        reviews = ReviewHandler(tokens: configuration.tokens)
        watches = WatchHandler(store: registry.store, configuration: configuration)
        discovery = DiscoveryHandler(table: table)
        openAPI = OpenAPIHandler(registry.kinds, version: ServerVersion().gitVersion)
        health = HealthHandler(registry: registry, isReady: isReady)
        security = configuration.security
        hosts = HostRule(servedAddress: configuration.address, isAuthenticated: security.isAuthenticating)
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
        } catch let error as StorageError {
            return try .failure(error.status)
        }
    }

    private func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        switch RequestTarget(path: request.uri.path) {
        case .collection(let path):
            if let review = Review(path) { return try await reviews.answer(review, request, context) }
            return try await answer(try table.find(path, isObject: false), path.namespace, request, context)
        case .object(let path, let name):
            let resource = try table.find(path, isObject: true)
            let name = ObjectName(namespace: path.namespace ?? "", name: name)
            return try await answer(resource, name, request, context)
        case .subresource(let path, let name, let subresource):
            let resource = try table.find(path, isObject: true)
            let name = ObjectName(namespace: path.namespace ?? "", name: name)
            return try await subresources.answer(resource, name, subresource, request, context)
        case let target:
            guard [.get, .head].contains(request.method) else { throw Status.methodNotAllowed }
            return try await answer(target, request)
        }
    }

    private func answer(
        _ resource: ServedResource, _ namespace: String?, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        let query = RequestQuery(request.uri)
        switch request.method {
        case .get, .head:
            if query.flag("watch") == true {
                return try await watches.watch(resource, namespace: namespace, query, request, context)
            }
            return try await reads.list(resource, namespace: namespace, request, query, context)
        case .post:
            // An object is made in a namespace, not in all of them.
            guard namespace != nil || !resource.resource.isNamespaced else { throw Status.methodNotAllowed }
            return try await writes.create(resource, namespace: namespace, request, query, context)
        case .delete:
            guard resource.resource != .namespaces, namespace != nil || !resource.resource.isNamespaced else {
                throw Status.methodNotAllowed
            }
            return try await writes.deleteCollection(resource, namespace: namespace, request, query, context)
        case .put: throw Status.methodNotSupported("update", on: resource.resource)
        case .patch: throw Status.methodNotSupported("patch", on: resource.resource)
        default: throw Status.methodNotAllowed
        }
    }

    private func answer(
        _ resource: ServedResource, _ name: ObjectName, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        let query = RequestQuery(request.uri)
        switch request.method {
        case .get, .head: return try await reads.get(resource, name, request, query)
        case .put: return try await writes.update(resource, name, .object, request, query, context)
        case .patch: return try await writes.patch(resource, name, .object, request, query, context)
        case .delete: return try await writes.delete(resource, name, request, query, context)
        case .post: throw Status.methodNotSupported("create", on: resource.resource)
        default: throw Status.methodNotAllowed
        }
    }

    private func answer(_ target: RequestTarget, _ request: Request) async throws -> Response {
        switch target {
        case .health(let endpoint, let check):
            return try await health.answer(endpoint, check, RequestQuery(request.uri))
        case .swagger: return openAPI.swagger(accept: request.headers[.accept])
        case .openAPI(let path): return try openAPI.document(path)
        default: return try discovery.answer(target, accept: request.headers[.accept])
        }
    }
}

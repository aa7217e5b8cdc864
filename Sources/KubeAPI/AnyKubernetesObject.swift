/// An object of any kind that this package knows.
package enum AnyKubernetesObject: Sendable, Equatable {
    case service(Service)
    case endpointSlice(EndpointSlice)
    case pod(Pod)
    case node(Node)
    case namespace(Namespace)
    case serviceCIDR(ServiceCIDR)

    /// The object itself.
    package var object: any KubernetesObject {
        switch self {
        case .service(let object): object
        case .endpointSlice(let object): object
        case .pod(let object): object
        case .node(let object): object
        case .namespace(let object): object
        case .serviceCIDR(let object): object
        }
    }

    package var resource: Resource { type(of: object).resource }

    /// "Service default/web", for people.
    package var reference: String { object.reference }

    package var metadata: ObjectMeta {
        get { object.metadata }
        set {
            switch self {
            case .service(var object): self = .service(object.replacing(newValue))
            case .endpointSlice(var object): self = .endpointSlice(object.replacing(newValue))
            case .pod(var object): self = .pod(object.replacing(newValue))
            case .node(var object): self = .node(object.replacing(newValue))
            case .namespace(var object): self = .namespace(object.replacing(newValue))
            case .serviceCIDR(var object): self = .serviceCIDR(object.replacing(newValue))
            }
        }
    }
}

extension KubernetesObject {
    fileprivate mutating func replacing(_ metadata: ObjectMeta) -> Self {
        self.metadata = metadata
        return self
    }
}

/// The registry: which type an `apiVersion` and `kind` stand for.
extension AnyKubernetesObject {
    private struct Kind: Sendable {
        let resource: Resource
        let decode: @Sendable (any Decoder) throws -> AnyKubernetesObject

        init<Object: KubernetesObject>(
            _ type: Object.Type, _ wrap: @escaping @Sendable (Object) -> AnyKubernetesObject
        ) {
            resource = type.resource
            decode = { decoder in wrap(try Object(from: decoder)) }
        }
    }

    private static let kinds = [
        Kind(Service.self) { .service($0) },
        Kind(EndpointSlice.self) { .endpointSlice($0) },
        Kind(Pod.self) { .pod($0) },
        Kind(Node.self) { .node($0) },
        Kind(Namespace.self) { .namespace($0) },
        Kind(ServiceCIDR.self) { .serviceCIDR($0) },
    ]

    /// The kinds that this package knows.
    package static var resources: [Resource] { kinds.map(\.resource) }

    /// Decodes an object of a kind that is known from its header.
    /// Throws `DecodeError.unknownKind`, or what decoding the kind throws.
    init(from decoder: any Decoder, as header: ObjectHeader) throws {
        guard
            let kind = Self.kinds.first(where: {
                $0.resource.kind == header.kind && $0.resource.apiVersion == header.apiVersion
            })
        else { throw DecodeError.unknownKind(apiVersion: header.apiVersion, kind: header.kind) }
        self = try kind.decode(decoder)
    }
}

extension AnyKubernetesObject: Codable {
    package init(from decoder: any Decoder) throws {
        let header = ObjectHeader(from: decoder)
        try header.check(at: decoder.codingPath)
        try self.init(from: decoder, as: header)
    }

    package func encode(to encoder: any Encoder) throws { try object.encode(to: encoder) }
}

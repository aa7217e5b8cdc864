import KubeAPI
import KubeClient
import Logging
import Proxy

/// An API server: what the proxy needs of its objects, by kube-proxy's selectors.
struct ClusterSource: ObjectSource {
    let transport: any KubeTransport
    let nodeName: String
    let logger: Logger
    /// Is told of this node's Node object, from the reflector's task.
    var podCIDRs: PodCIDRWriter?

    func feed(_ proxy: ServiceProxy) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Other proxies' Services, and those without a ClusterIP, are not even sent.
            follow(Service.self, .service, proxy, in: &group) { configuration in
                configuration.labelSelector = "!service.kubernetes.io/service-proxy-name"
                configuration.fieldSelector = "spec.clusterIP!=None"
            }
            follow(EndpointSlice.self, .endpointSlice, proxy, in: &group) { configuration in
                configuration.labelSelector = "!service.kubernetes.io/headless"
            }
            let podCIDRs = podCIDRs
            follow(Node.self, .node, proxy, in: &group, heard: { podCIDRs?.heard($0) }) { configuration in
                configuration.fieldSelector = "metadata.name=\(nodeName)"
                configuration.isOptional = true
            }
            // Kubernetes has them from 1.33 on.
            follow(ServiceCIDR.self, .serviceCIDR, proxy, in: &group) { $0.isOptional = true }
            try await group.waitForAll()
        }
        try Task.checkCancellation()
    }

    private func follow<Object: ProxiedObject>(
        _ type: Object.Type, _ kind: ProxyEvent.Kind, _ proxy: ServiceProxy,
        in group: inout ThrowingTaskGroup<Void, any Error>, heard: @escaping @Sendable (Object) -> Void = { _ in },
        _ configure: (inout ReflectorConfiguration) -> Void
    ) {
        var configuration = ReflectorConfiguration(logger: logger)
        configuration.beginsWithCachedList = true
        configure(&configuration)
        let reflector = Reflector<Object>(configuration, transport: transport) { event in
            switch event {
            case .applied(let object):
                proxy.submit(object.isNow)
                heard(object)
            case .deleted(let name): proxy.submit(.gone(kind, name))
            case .synced: proxy.submit(.synced(kind))
            }
        }
        group.addTask { await reflector.run() }
    }
}

/// An object that the proxy is told of.
private protocol ProxiedObject: WireObject {
    /// The event that it is as it is now.
    var isNow: ProxyEvent { get }
}

extension Service: ProxiedObject {
    fileprivate var isNow: ProxyEvent { .service(.modified(self)) }
}

extension EndpointSlice: ProxiedObject {
    fileprivate var isNow: ProxyEvent { .endpointSlice(.modified(self)) }
}

extension Node: ProxiedObject {
    fileprivate var isNow: ProxyEvent { .node(.modified(self)) }
}

extension ServiceCIDR: ProxiedObject {
    fileprivate var isNow: ProxyEvent { .serviceCIDR(.modified(self)) }
}

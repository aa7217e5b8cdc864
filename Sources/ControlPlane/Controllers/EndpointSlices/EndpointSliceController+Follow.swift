import KubeAPI

extension EndpointSliceController {
    /// Indexes what is in the store, queues every Service, and follows the changes until the registrations are
    /// cancelled.
    package func follow() async throws(StoreError) -> [WatchRegistration] {
        [
            try await follow(KubeAPI.Service.self) { state, service, isGone, _ in
                state.note(service: service, isGone: isGone)
            },
            try await follow(Node.self) { $0.note(node: $1, isGone: $2, before: $3) },
            try await follow(Pod.self) { $0.note(pod: $1, isGone: $2, before: $3) },
            try await follow(EndpointSlice.self) { state, slice, isGone, _ in state.note(slice: slice, isGone: isGone)
            },
        ]
    }

    /// `note` returns the Services that the change concerns; it is called with the state locked.
    private func follow<Object: KubernetesObject>(
        _ type: Object.Type,
        note: @escaping @Sendable (inout State, Object, _ isGone: Bool, _ before: Object?) -> [NamespacedName]
    ) async throws(StoreError) -> WatchRegistration {
        try await store.watch(WatchScope(type), from: .existingObjects) { event in
            guard let object = event.object.object as? Object else { return .more }
            let before = event.previous?.object as? Object
            let services = self.state.withLock { state in
                let services = note(&state, object, event.kind == .deleted, before)
                let now = services.isEmpty ? nil : Timestamp.now
                for service in services where state.triggers[service] == nil { state.triggers[service] = now }
                return services
            }
            for service in services { self.queue.add(service) }
            return .more
        }
    }
}

extension EndpointSliceController.State {
    fileprivate mutating func note(service: KubeAPI.Service, isGone: Bool) -> [NamespacedName] {
        let name = NamespacedName(of: service)
        if isGone { services.remove(name) } else { services.set(name, selector: service.spec.selector) }
        return [name]
    }

    fileprivate mutating func note(pod: Pod, isGone: Bool, before: Pod?) -> [NamespacedName] {
        if isGone {
            pods.remove(NamespacedName(of: pod))
        } else {
            pods.set(NamespacedName(of: pod), labels: pod.metadata.labels, nodeName: pod.spec.nodeName)
        }
        let namespace = pod.metadata.namespace
        var concerned = services.services(selecting: pod.metadata.labels, in: namespace)
        if let before, before.metadata.labels != pod.metadata.labels {
            concerned += services.services(selecting: before.metadata.labels, in: namespace)
        }
        return concerned
    }

    /// A Node matters by its zone alone.
    fileprivate func note(node: Node, isGone: Bool, before: Node?) -> [NamespacedName] {
        let zone = isGone ? nil : node.metadata.labels[Node.zoneLabel]
        if zone == before?.metadata.labels[Node.zoneLabel] { return [] }
        return pods.labels(ofPodsOn: node.metadata.name)
            .flatMap { services.services(selecting: $0.labels, in: $0.namespace) }
    }

    /// Somebody else's change of a slice of ours is undone.
    fileprivate mutating func note(slice: EndpointSlice, isGone: Bool) -> [NamespacedName] {
        let name = NamespacedName(of: slice)
        guard let service = slice.serviceName else { return [] }
        let isOurs = slice.metadata.labels[EndpointSlice.managedByLabel] == EndpointSliceController.name
        let wasOurs = slices[service]?.contains(name) == true
        if isOurs, !isGone {
            slices[service, default: []].insert(name)
        } else {
            slices[service]?.remove(name)
            if slices[service]?.isEmpty == true { slices[service] = nil }
        }
        guard isOurs || wasOurs else { return [] }
        if let write = ownWrites.removeValue(forKey: name) {
            let isExpected = isGone ? write == nil : write.map(slice.hasContent(of:)) == true
            if isExpected { return [] }
        }
        return [service]
    }
}

extension EndpointSlice {
    /// The Service that the slice says it belongs to.
    package var serviceName: NamespacedName? {
        guard let name = metadata.labels[EndpointSlice.serviceNameLabel], !name.isEmpty else { return nil }
        return NamespacedName(namespace: metadata.namespace, name: name)
    }

    fileprivate func hasContent(of other: EndpointSlice) -> Bool {
        addressType == other.addressType && hasDesiredState(of: other)
    }
}

import KubeAPI

extension ObjectStore where Object == KubeAPI.Service {
    /// The Services: with what `allocator` gives them.
    package init(_ store: any Store, allocator: ServiceAllocator) {
        self.init(store) { (service, old) throws(Status) in
            if let old { service.keepAllocations(of: old) }
            _ = try Self.admit(&service, replacing: old)
            return try allocator.allocate(&service, replacing: old)
        }
    }
}

extension ServiceAllocator {
    /// Takes over what the Services in `store` have, and follows them from then on.
    package func follow(_ store: any Store) async throws(StoreError) -> WatchRegistration {
        try await store.watch(WatchScope(KubeAPI.Service.self), from: .existingObjects) { event in
            guard let service = event.object.object as? KubeAPI.Service else { return .more }
            let previous = event.previous?.object as? KubeAPI.Service
            switch event.kind {
            case .added: self.observe(.added(service), previous: nil)
            case .modified: self.observe(.modified(service), previous: previous)
            case .deleted: self.observe(.deleted(service), previous: previous)
            }
            return .more
        }
    }
}

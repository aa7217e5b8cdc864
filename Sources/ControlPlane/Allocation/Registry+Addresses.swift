import APIMachinery
import KubeAPI
import Net
import Storage

/// The IPAddress object that stands for each ClusterIP (KEP-1880): it is written in one transaction with its Service.
extension Registry {
    static let addressManager = "ipallocator.k8s.io"
    static let addressFamilyLabel = "ipaddress.kubernetes.io/ip-family"
    static let addressManagerLabel = "ipaddress.kubernetes.io/managed-by"

    /// What a write of a Service writes beside it.
    ///
    /// - Parameters:
    ///   - new: the Service as it will be; nil where it goes.
    ///   - old: as it was; nil where it is new.
    /// - Throws: 422 where an address is somebody else's.
    func addressWrites(
        of new: Unstructured?, replacing old: Unstructured?, _ kind: ServedKind
    ) async throws(Status) -> Transaction {
        var writes = Transaction([])
        guard kind.resource == .services, let addresses = try? self.kind(.ipAddresses) else { return writes }
        let (before, after) = (old?.clusterAddresses ?? [], new?.clusterAddresses ?? [])
        guard before != after, let service = new ?? old else { return writes }
        for address in before where !after.contains(address) {
            let name = ObjectName(namespace: "", name: address)
            guard let pair = try await pair(addresses, name),
                try addresses.decode(pair).addressOwner == service.objectName
            else { continue }
            writes.conditions.append(.unchanged(pair.key, since: pair.modRevision))
            writes.operations.append(.delete(pair.key))
        }
        for address in after where !before.contains(address) {
            var object = Self.document(of: address, for: service.objectName)
            Self.fillSystemFields(&object, of: addresses)
            let key = addresses.key(object.objectName)
            if let pair = try await pair(addresses, object.objectName) {
                // Left by a Service of the same name.
                guard try addresses.decode(pair).addressOwner == service.objectName else {
                    throw .addressIsTaken(address, by: service)
                }
                writes.conditions.append(.unchanged(key, since: pair.modRevision))
            } else {
                writes.conditions.append(.absent(key))
            }
            writes.operations.append(.put(key, addresses.encode(object)))
        }
        return writes
    }

    /// The object of an address that a Service has, as a client writes it.
    static func document(of address: String, for service: ObjectName) -> Unstructured {
        var object = Unstructured(.ipAddresses, name: address)
        let family = IPAddress(parsing: address)?.family ?? .ipv4
        object.labels = [addressFamilyLabel: "\(family)", addressManagerLabel: addressManager]
        object["spec"] = [
            "parentRef": [
                "name": .string(service.name), "namespace": .string(service.namespace), "resource": "services",
            ]
        ]
        return object
    }
}

extension Unstructured {
    /// Of a Service: its ClusterIPs, in the form that IPAddress objects are named by.
    var clusterAddresses: [String] {
        ServiceDemand(self["spec"]).clusterIPs.compactMap { IPAddress(parsing: $0).map { "\($0)" } }
    }
}

extension Status {
    fileprivate static func addressIsTaken(_ address: String, by service: Unstructured) -> Status {
        let addresses = JSONValue(ServiceDemand(service["spec"]).clusterIPs)
        return .invalid(
            .services, name: service.name,
            [
                .invalid(
                    "spec.clusterIPs", addresses,
                    "failed to allocate IP \(address): provided IP is already allocated")
            ])
    }
}

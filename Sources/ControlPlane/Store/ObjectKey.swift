import KubeAPI

package typealias NamespacedName = ObjectName

extension ObjectName {
    /// The name of `object`.
    package init(of object: some KubernetesObject) { self.init(object.metadata) }
}

/// What a store keeps an object under: its kind, namespace and name.
///
/// The kind is held as its type (16 bytes): one type of object is one resource of the API.
package struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    package let type: any KubernetesObject.Type
    package let namespacedName: NamespacedName

    package init(_ type: any KubernetesObject.Type, _ namespacedName: NamespacedName) {
        self.type = type
        self.namespacedName = namespacedName
    }

    package init(_ type: any KubernetesObject.Type, namespace: String = "", name: String) {
        self.init(type, NamespacedName(namespace: namespace, name: name))
    }

    /// The key of `object`.
    package init(of object: any KubernetesObject) {
        self.init(Swift.type(of: object), namespace: object.metadata.namespace, name: object.metadata.name)
    }

    package var namespace: String { namespacedName.namespace }
    package var name: String { namespacedName.name }

    /// The key in a store of bytes, as the API server lays it out in etcd:
    /// `/registry/endpointslices.discovery.k8s.io/default/web-x`.
    package var path: String {
        let resource = type.resource
        let group = resource.group.isEmpty ? "" : ".\(resource.group)"
        return "/registry/\(resource.plural)\(group)/\(namespacedName)"
    }

    /// `Service default/web`, for people.
    package var description: String { "\(type.resource.kind) \(namespacedName)" }

    package static func == (left: ObjectKey, right: ObjectKey) -> Bool {
        left.type == right.type && left.namespacedName == right.namespacedName
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(type))
        hasher.combine(namespacedName)
    }
}

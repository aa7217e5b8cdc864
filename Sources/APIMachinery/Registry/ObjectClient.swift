import KubeAPI

/// The API as the parts of this process use it: the same rules (defaults, validation, allocation, finalizers, deletion)
/// as over HTTP, without HTTP. What controllers and the scheduler read and write through.
///
/// Errors are `Status`, as a client of the API gets them.
package protocol ObjectClient: Sendable {
    /// - Throws: 404 NotFound.
    func get(_ resource: Resource, _ name: ObjectName) async throws(Status) -> Unstructured

    /// All objects of a kind, or those of a namespace, in the order of their names.
    func list(_ resource: Resource, namespace: String?) async throws(Status) -> [Unstructured]

    /// Adds an object; `generateName` is honoured.
    ///
    /// - Throws: 409 AlreadyExists, 422 Invalid, 403 where the namespace is ending.
    func create(_ object: Unstructured, in resource: Resource) async throws(Status) -> Unstructured

    /// Replaces an object, or one subresource of it (`status`): only the version that `metadata.resourceVersion` names,
    /// or any where that is empty. An object that equals what is stored is not written.
    ///
    /// - Throws: 404 NotFound, 409 Conflict, 422 Invalid.
    func update(
        _ object: Unstructured, in resource: Resource, subresource: String?
    ) async throws(Status) -> Unstructured

    /// Deletes an object as the options say.
    ///
    /// - Throws: 404 NotFound, 409 Conflict where the uid is another one.
    func delete(_ resource: Resource, _ name: ObjectName, _ options: DeletionOptions) async throws(Status)

    /// Binds a Pod to a node (the `binding` subresource).
    ///
    /// - Throws: 404 NotFound, 409 Conflict where it is bound already.
    func bind(_ pod: ObjectName, uid: String, to node: String) async throws(Status)

    /// Calls `sink` with every object that there is, as an addition, and then with every change, in order. The sink must
    /// return at once and must not call the client.
    func follow(
        _ resource: Resource, sink: @escaping @Sendable (ObjectChange) -> Void
    ) async throws(Status) -> FollowRegistration
}

extension ObjectClient {
    /// The object; nil where there is none.
    package func find(_ resource: Resource, _ name: ObjectName) async throws(Status) -> Unstructured? {
        do {
            return try await get(resource, name)
        } catch {
            if error.code == 404 { return nil }
            throw error
        }
    }
}

/// A change of an object. Objects are decoded only when they are asked for.
package struct ObjectChange: Sendable {
    package enum Kind: Sendable {
        case added
        case modified
        case deleted
    }

    package let kind: Kind
    package let name: ObjectName
    private let decode: @Sendable () -> Unstructured?
    private let decodePrevious: @Sendable () -> Unstructured?

    package init(
        _ kind: Kind, name: ObjectName, object: @escaping @Sendable () -> Unstructured?,
        previous: @escaping @Sendable () -> Unstructured?
    ) {
        self.kind = kind
        self.name = name
        decode = object
        decodePrevious = previous
    }

    /// The object after the change; for a deletion as it was last. Decoded by each call.
    package var object: Unstructured? { decode() }

    /// The object before the change; nil for an addition. Decoded by each call.
    package var previous: Unstructured? { decodePrevious() }
}

/// How an object is deleted (meta/v1 `DeleteOptions`).
package struct DeletionOptions: Sendable, Hashable {
    /// What becomes of the objects that it owns.
    package enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    /// Nil for the kind's own default.
    package var propagation: Propagation?
    /// Nil for the object's own.
    package var gracePeriodSeconds: Int?
    /// Only the object with this uid.
    package var uid: String?
    /// Only this version of the object.
    package var resourceVersion: String?

    package init(
        propagation: Propagation? = nil, gracePeriodSeconds: Int? = nil, uid: String? = nil,
        resourceVersion: String? = nil
    ) {
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}

/// What ends a `follow`.
package final class FollowRegistration: Sendable {
    private let onCancel: @Sendable () -> Void

    package init(onCancel: @escaping @Sendable () -> Void) { self.onCancel = onCancel }

    /// The sink is not called again once this has returned.
    package func cancel() { onCancel() }
}

import FoundationEssentials
import KubeAPI

/// The objects of one kind as the API has them: defaults, validation, and the metadata that the server owns.
///
/// Errors are `Status`: 404 NotFound, 409 AlreadyExists and Conflict, 422 Invalid, each naming the object.
package struct ObjectStore<Object: APIObject>: Sendable {
    /// Fills in and checks an object that is about to be written in place of `old`. What it returns is kept until the
    /// write has succeeded or failed.
    package typealias Admission = @Sendable (_ object: inout Object, _ old: Object?) throws(Status) -> Reservation?

    package let store: any Store
    private let admission: Admission

    package init(_ store: any Store, admission: @escaping Admission = Self.admit) {
        self.store = store
        self.admission = admission
    }

    /// Defaults and validation.
    ///
    /// - Throws: 422 Invalid.
    package static func admit(_ object: inout Object, replacing old: Object?) throws(Status) -> Reservation? {
        object.setDefaults()
        let failures = object.failures(replacing: old)
        guard failures.isEmpty else { throw .invalid(object.reference, failures) }
        return nil
    }

    /// The object, or nil.
    package func find(namespace: String = "", name: String) async throws(Status) -> Object? {
        do {
            return try await store.get(key(namespace, name))?.object as? Object
        } catch { throw error.status }
    }

    /// The object.
    ///
    /// - Throws: 404 NotFound.
    package func get(namespace: String = "", name: String) async throws(Status) -> Object {
        guard let object = try await find(namespace: namespace, name: name) else {
            throw notFound(namespace, name)
        }
        return object
    }

    /// All objects, or those of a namespace.
    package func list(namespace: String? = nil) async throws(Status) -> [Object] {
        do {
            return try await store.list(Object.self, ListOptions(namespace: namespace)).objects
                .compactMap { $0.object as? Object }
        } catch { throw error.status }
    }

    /// Adds an object, and gives it a name where it has `generateName` alone.
    ///
    /// - Throws: 409 AlreadyExists, 422 Invalid.
    package func create(_ object: Object) async throws(Status) -> Object {
        var object = object
        if object.metadata.name.isEmpty, let prefix = object.metadata.generateName {
            object.metadata.name = GeneratedName.make(prefix)
        }
        let reservation = try admission(&object, nil)
        defer { reservation?.end() }
        object.metadata.uid = UUID().uuidString.lowercased()
        object.metadata.generation = 1
        if object.metadata.creationTimestamp == nil { object.metadata.creationTimestamp = .now }
        do {
            return try await write(object, if: .absent(ObjectKey(of: object)))
        } catch .conflict {
            throw Status(code: 409, reason: "AlreadyExists", message: "\(object.reference) already exists")
        } catch { throw error.status }
    }

    /// Replaces an object: only the version that `metadata.resourceVersion` names, or any where that is nil. An object
    /// that equals what is stored is not written.
    ///
    /// - Throws: 404 NotFound, 409 Conflict, 422 Invalid.
    package func update(_ object: Object) async throws(Status) -> Object {
        let metadata = object.metadata
        while true {
            let old = try await get(namespace: metadata.namespace, name: metadata.name)
            if let version = metadata.resourceVersion, version != old.metadata.resourceVersion {
                throw conflict(object)
            }
            if let uid = metadata.uid, uid != old.metadata.uid { throw conflict(object) }
            var new = object
            new.takeServerMetadata(of: old)
            let reservation = try admission(&new, old)
            defer { reservation?.end() }
            if new == old { return old }
            if !new.hasDesiredState(of: old) {
                new.metadata.generation = (old.metadata.generation ?? 0) + 1
            }
            do {
                let revision = Revision(old.metadata.resourceVersion ?? "") ?? 0
                return try await write(new, if: .unchanged(ObjectKey(of: new), since: revision))
            } catch .conflict {
                if metadata.resourceVersion != nil { throw conflict(object) }
            } catch { throw error.status }
        }
    }

    /// Removes an object: only the one with this uid, where it is given.
    ///
    /// - Throws: 404 NotFound, 409 Conflict.
    package func delete(namespace: String = "", name: String, uid: String? = nil) async throws(Status) {
        while true {
            let old = try await get(namespace: namespace, name: name)
            if let uid, uid != old.metadata.uid { throw conflict(old) }
            let revision = Revision(old.metadata.resourceVersion ?? "") ?? 0
            let key = key(namespace, name)
            do {
                _ = try await store.commit(Transaction(if: [.unchanged(key, since: revision)], [.delete(key)]))
                return
            } catch .conflict {
                continue
            } catch { throw error.status }
        }
    }

    private func key(_ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(Object.self, namespace: namespace, name: name)
    }

    private func write(_ object: Object, if condition: Transaction.Condition) async throws(StoreError) -> Object {
        let result = try await store.commit(Transaction(if: [condition], [.put(object)]))
        return result.events.first?.object.object as? Object ?? object
    }

    private func notFound(_ namespace: String, _ name: String) -> Status {
        Status(
            code: 404, reason: "NotFound",
            message: "\(Object.reference(namespace: namespace, name: name)) not found")
    }

    private func conflict(_ object: Object) -> Status {
        Status(
            code: 409, reason: "Conflict",
            message: "\(object.reference) has been modified; apply your changes to the latest version and try again")
    }
}

extension KubernetesObject {
    /// Takes what the server owns from the version that this one replaces.
    fileprivate mutating func takeServerMetadata(of old: Self) {
        metadata.uid = old.metadata.uid
        metadata.resourceVersion = old.metadata.resourceVersion
        metadata.generation = old.metadata.generation
        metadata.creationTimestamp = old.metadata.creationTimestamp
        metadata.generateName = metadata.generateName ?? old.metadata.generateName
    }
}

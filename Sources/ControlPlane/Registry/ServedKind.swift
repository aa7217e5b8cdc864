import APIMachinery
import KubeAPI
import Storage

/// A kind as this process serves it: its row of the table of kinds, with what follows from it for keys and bytes.
package final class ServedKind: Sendable {
    package let rules: KindRules
    /// `/registry/pods/`: what the keys of its objects begin with.
    let keyPrefix: String
    /// `{"apiVersion":"v1","kind":"Pod","metadata":{`: what every stored value begins with. The resource version goes
    /// behind it on the way out.
    let opening: [UInt8]

    init(_ rules: KindRules) {
        self.rules = rules
        let stored = rules.storedShape?.resource ?? rules.resource
        keyPrefix = stored.storedPrefix + "/"
        opening = Self.opening(of: stored)
    }

    package var resource: Resource { rules.resource }

    func key(_ name: ObjectName) -> String {
        resource.isNamespaced ? "\(keyPrefix)\(name.namespace)/\(name.name)" : keyPrefix + name.name
    }

    /// What the keys of a namespace's objects begin with; nil for all namespaces.
    func prefix(namespace: String?) -> String {
        guard resource.isNamespaced, let namespace, !namespace.isEmpty else { return keyPrefix }
        return "\(keyPrefix)\(namespace)/"
    }

    /// The name that a key ends with.
    func name(ofKey key: String) -> ObjectName {
        let rest = key.utf8.dropFirst(keyPrefix.utf8.count)
        guard resource.isNamespaced, let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
            return ObjectName(namespace: "", name: String(Substring(rest)))
        }
        return ObjectName(
            namespace: String(Substring(rest[..<slash])), name: String(Substring(rest[rest.index(after: slash)...])))
    }

    static func opening(of resource: Resource) -> [UInt8] {
        Array("{\"apiVersion\":\"\(resource.apiVersion)\",\"kind\":\"\(resource.kind)\",\"metadata\":{".utf8)
    }
}

// MARK: - Stored values

extension ServedKind {
    /// The object as the store keeps it: canonical, without its resource version.
    func encode(_ object: Unstructured) -> [UInt8] {
        let stored = rules.storedShape.map { $0.toStored(object) } ?? object
        var bytes = opening
        var separator = [UInt8]()
        for field in stored["metadata"]?.object?.fields ?? [] where field.key != "resourceVersion" {
            bytes.append(contentsOf: separator)
            bytes.appendQuoted(field.key)
            bytes.append(UInt8(ascii: ":"))
            field.value.write(to: &bytes)
            separator = [UInt8(ascii: ",")]
        }
        bytes.append(UInt8(ascii: "}"))
        for field in stored.tree.object?.fields ?? [] where !["apiVersion", "kind", "metadata"].contains(field.key) {
            bytes.append(UInt8(ascii: ","))
            bytes.appendQuoted(field.key)
            bytes.append(UInt8(ascii: ":"))
            field.value.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The object that a stored value says, with its resource version.
    ///
    /// - Throws: 500 where it is not what `encode` writes.
    func decode(_ record: ObjectRecord) throws(Status) -> Unstructured {
        do throws(DecodeError) {
            var object = try Unstructured(json: record.value)
            if let shape = rules.storedShape { object = shape.fromStored(object) }
            object.resourceVersion = record.resourceVersion
            return object
        } catch {
            throw .internalError("the stored \(resource.kind) cannot be read: \(error)")
        }
    }

    func decode(_ pair: KeyValue) throws(Status) -> Unstructured { try decode(ObjectRecord(pair)) }
}

/// An object as the store has it, or would have it after a dry run.
package struct ObjectRecord: Sendable {
    /// What `ServedKind.encode` wrote.
    package let value: [UInt8]
    /// 0 where it is not stored.
    package let revision: Int64

    init(value: [UInt8], revision: Int64) {
        self.value = value
        self.revision = revision
    }

    init(_ pair: KeyValue) { self.init(value: pair.value, revision: pair.modRevision) }

    /// Empty where it is not stored.
    package var resourceVersion: String { revision == 0 ? "" : String(revision) }
}

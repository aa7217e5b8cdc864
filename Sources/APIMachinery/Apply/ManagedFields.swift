import KubeAPI

/// Who wrote which fields of an object: `metadata.managedFields` (k8s.io/apimachinery util/managedfields).
package struct ManagedFields: Sendable, Hashable {
    /// How a client writes.
    package enum Operation: String, Sendable {
        case apply = "Apply"
        case update = "Update"
    }

    /// A client, as it writes: what makes two entries one.
    package struct Writer: Sendable, Hashable {
        /// The client's name (`fieldManager`).
        package let manager: String
        package let operation: Operation
        /// Empty for those that apply: they stay the same in all versions.
        package let apiVersion: String
        /// Empty for the object itself.
        package let subresource: String

        init(manager: String, operation: Operation, apiVersion: String, subresource: String) {
            self.manager = manager.isEmpty ? "unknown" : manager
            self.operation = operation
            self.apiVersion = operation == .apply ? "" : apiVersion
            self.subresource = subresource
        }
    }

    /// What a client wrote, and when last.
    package struct Entry: Sendable, Hashable {
        /// The version in which the fields are named.
        package var apiVersion: String
        package var time: Timestamp?
        package var fields: FieldSet
    }

    package var entries: [Writer: Entry] = [:]

    package init() {}

    /// Reads `metadata.managedFields`; what is not there has no entries.
    ///
    /// - Throws: `ManagedFieldsError`.
    package init(_ list: JSONValue?) throws(ManagedFieldsError) {
        for (index, item) in (list?.array ?? []).enumerated() {
            guard let operation = Operation(rawValue: item.text("operation")) else {
                throw ManagedFieldsError("operation must be `Apply` or `Update`")
            }
            let apiVersion = item.text("apiVersion")
            guard !apiVersion.isEmpty else { throw ManagedFieldsError("apiVersion must not be empty") }
            switch item.text("fieldsType") {
            case "FieldsV1": break
            case "": throw ManagedFieldsError("missing fieldsType in managed fields entry \(index)")
            case let type:
                throw ManagedFieldsError("invalid fieldsType \"\(type.quotable)\" in managed fields entry \(index)")
            }
            let writer = Writer(
                manager: item.text("manager"), operation: operation, apiVersion: apiVersion,
                subresource: item.text("subresource"))
            let fields: FieldSet
            do throws(FieldSetError) {
                fields = try FieldSet(fieldsV1: item.field("fieldsV1") ?? .object(JSONObject()))
            } catch {
                throw ManagedFieldsError("error decoding set: \(error)")
            }
            entries[writer] = Entry(
                apiVersion: apiVersion, time: item["time"]?.string.flatMap { Timestamp($0) }, fields: fields)
        }
    }

    /// As `metadata.managedFields` holds it; nil where there are no entries.
    package var json: JSONValue? {
        guard !entries.isEmpty else { return nil }
        return .array(
            entries.sorted(by: Self.comesFirst).map { writer, entry in
                var item = JSONObject()
                item["apiVersion"] = .string(entry.apiVersion)
                item["fieldsType"] = "FieldsV1"
                item["fieldsV1"] = entry.fields.fieldsV1
                item["manager"] = .string(writer.manager)
                item["operation"] = .string(writer.operation.rawValue)
                if !writer.subresource.isEmpty { item["subresource"] = .string(writer.subresource) }
                if let time = entry.time { item["time"] = .string(time.wholeSeconds.text) }
                return .object(item)
            })
    }

    /// Those that apply come first, then the order is that of time, of names, of versions and subresources.
    private static func comesFirst(_ left: (Writer, Entry), _ right: (Writer, Entry)) -> Bool {
        let (first, second) = (left.0, right.0)
        if first.operation != second.operation { return first.operation == .apply }
        let times = (left.1.seconds, right.1.seconds)
        if times.0 != times.1 { return times.0 < times.1 }
        if first.manager != second.manager { return first.manager < second.manager }
        if left.1.apiVersion != right.1.apiVersion { return left.1.apiVersion < right.1.apiVersion }
        return first.subresource < second.subresource
    }
}

extension ManagedFields.Entry {
    fileprivate var seconds: Int64 { (time?.microsecondsSinceEpoch ?? 0) / 1_000_000 }
}

/// An entry of `metadata.managedFields` that cannot be read, in upstream's words.
package struct ManagedFieldsError: Error, Hashable, CustomStringConvertible {
    package let description: String

    fileprivate init(_ description: String) { self.description = description }
}

extension ManagedFields {
    /// How many clients that update are told apart.
    static let updaterLimit = 10
    private static let oldUpdaters = "ancient-changes"

    /// Puts the oldest entries of clients that update into one, as long as there are more than `updaterLimit`.
    mutating func limitUpdaters() {
        let updaters = entries.filter { $0.key.operation == .update }
            .sorted { left, right in
                left.value.seconds != right.value.seconds
                    ? left.value.seconds < right.value.seconds : left.key.isBefore(right.key)
            }
        var surplus = updaters.count - Self.updaterLimit
        var first: [String: Writer] = [:]
        for (writer, entry) in updaters where surplus > 0 {
            let version = entry.apiVersion
            guard let earlier = first[version] else {
                first[version] = writer
                continue
            }
            let bucket = Writer(manager: Self.oldUpdaters, operation: .update, apiVersion: version, subresource: "")
            if entries[bucket] == nil { entries[bucket] = entries.removeValue(forKey: earlier) }
            entries[writer] = nil
            entries[bucket, default: entry].fields.formUnion(entry.fields)
            entries[bucket]?.time = entry.time
            surplus -= 1
        }
    }
}

extension ManagedFields.Writer {
    fileprivate func isBefore(_ other: Self) -> Bool {
        (manager, operation.rawValue, apiVersion, subresource)
            < (other.manager, other.operation.rawValue, other.apiVersion, other.subresource)
    }
}

extension FieldSet {
    fileprivate mutating func formUnion(_ other: FieldSet) { self = union(other) }
}

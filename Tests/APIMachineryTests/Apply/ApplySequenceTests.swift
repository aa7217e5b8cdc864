import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Sequences of writes by several clients")
struct ApplySequenceTests {
    private static let kind = GroupVersionKind(group: "", version: "v1", kind: "Pod")
    private static let managers = ["a", "b", "c"]

    /// Some of a pod: maps, lists with keys, sets, and lists and objects that are owned as a whole.
    private static func configuration(_ random: inout SplitMix) -> JSONValue {
        var tree: JSONValue = ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"]]
        func text() -> JSONValue { .string(String(Int(random.next() % 3))) }
        func some() -> Bool { random.next() % 2 == 0 }
        for key in ["x", "y"] where some() { tree[["metadata", "labels", key]] = text() }
        let finalizers = ["a/a", "b/b", "c/c"].filter { _ in some() }
        if !finalizers.isEmpty { tree[["metadata", "finalizers"]] = JSONValue(finalizers.shuffled(using: &random)) }
        var containers: [JSONValue] = []
        for name in ["one", "two"].shuffled(using: &random) where some() {
            var container: JSONValue = ["name": .string(name)]
            if some() { container["image"] = text() }
            if some() { container["command"] = [text(), text()] }
            if some() {
                container["ports"] = [
                    ["containerPort": 53, "protocol": "UDP"], ["containerPort": 80, "name": text()],
                ]
            }
            if some() { container[["resources", "limits"]] = ["cpu": text()] }
            for key in ["E", "F"] where some() {
                container["env"] = .array((container["env"]?.array ?? []) + [["name": .string(key), "value": text()]])
            }
            containers.append(container)
        }
        if !containers.isEmpty { tree[["spec", "containers"]] = .array(containers) }
        if some() { tree[["spec", "nodeSelector"]] = ["k": text()] }
        if some() { tree[["spec", "hostname"]] = text() }
        return tree
    }

    @Test(arguments: 0..<12)
    func keepTheirRules(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let schema = try #require(SchemaCatalog.kubernetes.schema(of: Self.kind))
        let ownership = try #require(FieldOwnership(of: Self.kind, hasStatus: true))
        let walk = ownership.walk
        var live: Unstructured?
        var wanted: [String: JSONValue] = [:]
        var time = Timestamp(microsecondsSinceEpoch: 0)
        for _ in 0..<40 {
            time.microsecondsSinceEpoch += 1_000_000
            let manager = Self.managers[Int(random.next() % 3)]
            let configuration = Self.configuration(&random)
            if let old = live, random.next() % 4 == 0 {
                var new = try TypedBody(
                    MergePatch.apply(configuration, to: old.tree), as: Self.kind, validation: .ignore
                ).object
                ownership.update(&new, replacing: old, manager: "u", time: time)
                // Who applied and now sees something else there does not own it any more.
                let changes = walk.changes(from: old.tree, to: new.tree, schema).ignoring(FieldOwnership.unowned)
                let owners = try ManagedFields(new.managedFields)
                for (writer, entry) in owners.entries where writer.manager != "u" {
                    #expect(entry.fields.intersection(changes.written.union(changes.removed)).isEmpty)
                }
                live = new
                wanted = [:]
                continue
            }
            // What nobody else wants otherwise must not conflict.
            let before = live
            let new = try ownership.apply(configuration, to: before, manager: manager, force: true, time: time)
            let last = wanted.updateValue(configuration, forKey: manager)
            let fields = walk.fieldSet(of: configuration, schema).subtracting(FieldOwnership.unowned)
            let owners = try ManagedFields(new.managedFields)
            let own = owners.entries[ownership.writer(manager, .apply)]?.fields ?? FieldSet()
            #expect(own == fields)
            // All that is owned is there, and as its one owner wants it.
            var there = walk.fieldSet(of: new.tree, schema)
            there = there.union(walk.withParents(there, schema))
            for (writer, entry) in owners.entries where writer.operation == .apply {
                #expect(
                    entry.fields.subtracting(there).isEmpty,
                    "\(writer.manager): \(entry.fields.subtracting(there).paths)")
            }
            let differing = walk.changes(from: configuration, to: new.tree, schema)
            #expect(differing.modified.intersection(fields).isEmpty)
            #expect(differing.removed.intersection(fields).isEmpty)
            // What the client gave up, and nobody else owns, is gone.
            if let last {
                var given = walk.fieldSet(of: last, schema).subtracting(FieldOwnership.unowned)
                for entry in owners.entries.values { given = given.subtracting(walk.withParents(entry.fields, schema)) }
                let left = given.intersection(walk.fieldSet(of: new.tree, schema))
                #expect(left.isEmpty || before.map { !Self.owns(manager, left, $0) } ?? true, "\(left.paths)")
            }
            // The same once more changes nothing, with or without force.
            let again = try ownership.apply(
                configuration, to: new, manager: manager, force: false,
                time: Timestamp(microsecondsSinceEpoch: time.microsecondsSinceEpoch + 500_000_000))
            #expect(again == new)
            // What is stored can be read again.
            #expect(owners.json == new.managedFields)
            live = new
        }
    }

    /// Whether a client still owned some of the fields.
    private static func owns(_ manager: String, _ fields: FieldSet, _ object: Unstructured) -> Bool {
        let owners = try? ManagedFields(object.managedFields)
        let entry = owners?.entries.first { $0.key.manager == manager && $0.key.operation == .apply }
        return !(entry?.value.fields.intersection(fields).isEmpty ?? true)
    }
}

/// Chance that can be had again (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

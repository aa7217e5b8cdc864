import KubeAPI

/// Events: one set of objects, stored as core/v1 has them, and shown by events.k8s.io/v1 in another shape (upstream's
/// pkg/registry/core/event, pkg/apis/events/v1/conversion.go).
enum EventRules {
    private static let stored = Resource(core: "Event", "events")

    static let core = KindRules(
        resource: stored, singular: "event", shortNames: ["ev"], strategy: .init(createsOnUpdate: true),
        setDefaults: setDefaults, prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures,
        selectableFields: fields(object: "involvedObject", controller: "reportingComponent", withSource: true),
        columns: ClusterColumns.event)

    static let events = KindRules(
        resource: Resource("events.k8s.io", "Event", "events"), singular: "event", shortNames: ["ev"],
        strategy: .init(createsOnUpdate: true), prepare: { Preparation.write(&$0, $1, first: nil) },
        failures: { newFailures($0, $1) },
        selectableFields: fields(object: "regarding", controller: "reportingController", withSource: false),
        columns: ClusterColumns.event.map { $0.reading(toCore) },
        storedShape: .init(resource: stored, toStored: toCore, fromStored: toEvents))

    /// Fields that upstream writes even when there is nothing in them.
    static func setDefaults(_ event: inout Unstructured) {
        event.edit("source") { _ in }
        for key in ["eventTime", "firstTimestamp", "lastTimestamp"] where event[key] == nil { event[key] = .null }
        for key in ["reportingComponent", "reportingInstance"] where event[key] == nil { event[key] = "" }
    }

    /// Pairs of names: of events.k8s.io/v1 and of core/v1.
    private static let names: [(events: String, core: String)] = [
        ("regarding", "involvedObject"), ("note", "message"), ("reportingController", "reportingComponent"),
        ("deprecatedSource", "source"), ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"), ("deprecatedCount", "count"),
    ]

    /// An event of events.k8s.io/v1 as it is stored.
    @Sendable
    static func toCore(_ event: Unstructured) -> Unstructured {
        var event = renamed(event, from: \.events, to: \.core, apiVersion: stored.apiVersion)
        setDefaults(&event)
        return event
    }

    /// A stored event as events.k8s.io/v1 shows it.
    @Sendable
    static func toEvents(_ event: Unstructured) -> Unstructured {
        renamed(event, from: \.core, to: \.events, apiVersion: "events.k8s.io/v1")
    }

    private static func renamed(
        _ event: Unstructured, from: KeyPath<(events: String, core: String), String>,
        to: KeyPath<(events: String, core: String), String>, apiVersion: String
    ) -> Unstructured {
        var event = event
        for pair in names {
            guard let value = event[pair[keyPath: from]] else { continue }
            event[pair[keyPath: from]] = nil
            event[pair[keyPath: to]] = value
        }
        event["apiVersion"] = .string(apiVersion)
        return event
    }

    /// The same fields under the names of either group; values are read from the shape that the row serves.
    private static func fields(
        object: String, controller: String, withSource: Bool
    ) -> [String: @Sendable (Unstructured) -> String] {
        var fields: [String: @Sendable (Unstructured) -> String] = [
            "reason": { $0.tree.text("reason") }, "type": { $0.tree.text("type") },
            controller: { $0.tree.text(controller) },
        ]
        for key in ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"] {
            fields["\(object).\(key)"] = { $0.tree.part(object).text(key) }
        }
        if withSource {
            fields["source"] = { event in
                let component = event.tree.part("source").text("component")
                return component.isEmpty ? event.tree.text(controller) : component
            }
        }
        return fields
    }
}

extension TableColumn {
    /// The column of objects that another shape is made of first.
    func reading(_ shape: @escaping @Sendable (Unstructured) -> Unstructured) -> TableColumn {
        TableColumn(name, type: type, format: format, priority: priority, documentation: documentation) { object, now in
            cell(shape(object), now)
        }
    }
}

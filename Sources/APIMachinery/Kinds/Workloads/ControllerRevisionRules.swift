import KubeAPI

/// ControllerRevisions (upstream's pkg/registry/apps/controllerrevision).
enum ControllerRevisionRules {
    static let rules = KindRules(
        resource: Resource("apps", "ControllerRevision", "controllerrevisions"), singular: "controllerrevision",
        prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures,
        columns: WorkloadColumns.controllerRevision, columnFields: FieldMask(["revision"]))
}

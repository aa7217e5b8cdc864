import KubeAPI

/// CronJobs (upstream's pkg/registry/batch/cronjob, pkg/apis/batch/v1/defaults.go).
enum CronJobRules {
    static let rules = KindRules(
        resource: Resource("batch", "CronJob", "cronjobs"), singular: "cronjob", shortNames: ["cj"],
        categories: ["all"], subresources: ["status"], setDefaults: setDefaults,
        prepare: { Preparation.write(&$0, $1, wish: .spec) }, failures: failures, columns: WorkloadColumns.cronJob,
        columnFields: FieldMask(
            TableColumn.templateFields("spec.jobTemplate.spec")
                + ["spec.schedule", "spec.timeZone", "spec.suspend", "status"]))

    static func setDefaults(_ job: inout Unstructured) {
        job.edit("spec") { spec in
            spec.setIfZero("concurrencyPolicy", "Allow")
            spec.setIfAbsent("suspend", false)
            spec.setIfAbsent("successfulJobsHistoryLimit", 3)
            spec.setIfAbsent("failedJobsHistoryLimit", 1)
            spec.edit("jobTemplate") { template in template.edit("spec", JobRules.setTemplateDefaults) }
        }
    }
}

import KubeAPI

/// `ValidateCronJobCreate`, `ValidateCronJobUpdate` (pkg/apis/batch/validation). Whether there is a time zone of a name is
/// for the controller to find out.
extension CronJobRules {
    private static let nameLimit = 52

    static func failures(_ job: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(job, old, NameSyntax.dns1123Subdomain)
        let spec = job.spec
        failures += scheduleFailures(spec, old?.spec)
        failures.checkNotNegative("spec.startingDeadlineSeconds", spec.field("startingDeadlineSeconds")?.integer)
        if spec["timeZone"] != old?.spec["timeZone"] { failures += zoneFailures(spec) }
        if spec.text("concurrencyPolicy").isEmpty {
            failures.append(.required("spec.concurrencyPolicy"))
        } else {
            failures.check(
                "spec.concurrencyPolicy", spec.text("concurrencyPolicy"), isOneOf: ["Allow", "Forbid", "Replace"])
        }
        let template = spec.part("jobTemplate").part("spec")
        failures += JobRules.specFailures(template, "spec.jobTemplate.spec")
        if let selector = template.field("selector") {
            failures.append(
                .invalid("spec.jobTemplate.spec.selector", selector, "`selector` will be auto-generated"))
        }
        if template.flag("manualSelector") {
            failures.append(.unsupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]))
        }
        for key in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            failures.checkNotNegative("spec.\(key)", spec.field(key)?.integer)
        }
        // Eleven characters are added for each job.
        if old == nil, job.name.utf8.count > nameLimit {
            failures.append(.invalid("metadata.name", .string(job.name), "must be no more than 52 characters"))
        }
        return failures
    }

    private static func scheduleFailures(_ spec: JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        let path = "spec.schedule"
        let text = spec.text("schedule")
        guard !text.isEmpty else { return [.required(path)] }
        var failures: [FieldFailure] = []
        do throws(CronFault) {
            _ = try CronSchedule(text)
        } catch {
            failures.append(.invalid(path, .string(text), error.cause))
        }
        guard text.contains("TZ") else { return failures }
        if old?.text("schedule").contains("TZ") != true {
            failures.append(
                .invalid(
                    path, .string(text), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"))
        } else if spec.has("timeZone") {
            failures.append(
                .invalid(path, .string(text), "cannot use both timeZone field and TZ or CRON_TZ in schedule"))
        }
        return failures
    }

    private static func zoneFailures(_ spec: JSONValue) -> [FieldFailure] {
        guard let zone = spec.field("timeZone")?.string else { return [] }
        let path = "spec.timeZone"
        if zone.isEmpty { return [.invalid(path, "", "timeZone must be nil or non-empty string")] }
        let isName = zone.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            part != "." && part != ".." && !part.hasPrefix("-") && (1...14).contains(part.utf8.count)
                && part.utf8.allSatisfy { $0.isAlphanumeric || ".-_+".utf8.contains($0) }
        }
        if !isName { return [.invalid(path, .string(zone), "unknown time zone \(zone)")] }
        guard zone.lowercased() == "local" else { return [] }
        return [
            .invalid(
                path, .string(zone),
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        ]
    }
}

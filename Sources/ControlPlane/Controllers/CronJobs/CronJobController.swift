import APIMachinery
import KubeAPI
import Synchronization

/// Starts a Job at each of a CronJob's times (pkg/controller/cronjob).
///
/// A schedule without a time zone is in the zone of this machine.
final class CronJobController: Controller {
    /// What a CronJob's next time depends on.
    private struct Timing: Equatable {
        let schedule: String
        let zone: String?
    }

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let cronJobs: ObjectCache<Unstructured>
    private let jobs: OwnedObjects
    private let queue: WorkQueue<ObjectName>
    private let timings = Mutex<[ObjectName: Timing]>([:])
    private let zones = TimeZoneFiles()

    init(_ context: ControllerContext) {
        self.context = context
        recorder = context.recorder("cronjob-controller")
        cronJobs = ObjectCache(context.feed, .cronJobs)
        jobs = OwnedObjects(context.feed, .jobs)
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        context.feed.subscribe(.cronJobs) { [self] change in note(change) }
        context.feed.subscribe(.jobs) { change in
            let owner = change.object.controllerOwner
            if let name = owner?.name(of: .cronJobs, in: change.name.namespace) { queue.add(name) }
        }
    }

    func run() async throws {
        try await context.runner("cronjob", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    /// A schedule that changes does not start what it would have started earlier.
    private func note(_ change: ObjectFeed.Change) {
        let spec = change.object["spec"] ?? .null
        let timing = Timing(schedule: spec.text(at: "schedule"), zone: spec["timeZone"]?.string)
        let old = timings.withLock { timings in
            defer { timings[change.name] = change.isGone ? nil : timing }
            return timings[change.name]
        }
        guard let old, old != timing, !change.isGone else { return queue.add(change.name) }
        do throws(CronFault) {
            if let delay = try plan(change.object)?.nextCheck() { queue.add(change.name, after: delay) }
        } catch {
            recorder.warning(
                "UnParseableCronJobSchedule", "unparseable schedule for cronjob: \(timing.schedule)",
                about: change.object)
        }
    }

    /// Nil where there is no such time zone.
    private func plan(_ cronJob: Unstructured) throws(CronFault) -> CronPlan? {
        let schedule = try CronSchedule(cronJob.tree.text(at: "spec", "schedule"))
        let name = schedule.zone ?? cronJob[["spec", "timeZone"]]?.string
        guard let zone = name.map({ zones[$0] }) ?? TimeZoneFiles.local else {
            if schedule.zone == nil { return nil }
            throw CronFault(
                cause: "provided bad location \(schedule.zone ?? ""): unknown time zone \(schedule.zone ?? "")")
        }
        return CronPlan(cronJob, schedule, in: zone, now: context.clock.now)
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let cronJob = cronJobs[name] else { return }
        var status = CronJobStatus(cronJob)
        let known = jobs.objects(ownedBy: cronJob.uid)
        var failure: Status?
        do throws(Status) {
            try await deleteHistory(of: cronJob, known, &status)
            try await count(known, of: cronJob, &status)
            if cronJob.deletionTimestamp == nil, let delay = try await start(cronJob, &status) {
                queue.add(name, after: delay)
            }
        } catch {
            failure = error
        }
        var written = cronJob
        written["status"] = status.json
        try await context.writeStatus(written, was: cronJob, in: .cronJobs)
        if let failure { throw failure }
    }

    // MARK: - Jobs that there are

    private func deleteHistory(
        of cronJob: Unstructured, _ jobs: [Unstructured], _ status: inout CronJobStatus
    ) async throws(Status) {
        for (key, end) in [("successfulJobsHistoryLimit", "Complete"), ("failedJobsHistoryLimit", "Failed")] {
            guard let limit = cronJob.tree.int(at: "spec", key) else { continue }
            let ended = jobs.filter { $0.jobEnd == end && $0.deletionTimestamp == nil }
                .sorted { ($0.jobStart, $0.name) < ($1.jobStart, $1.name) }
            for job in ended.prefix(max(0, ended.count - limit)) { try await delete(job, of: cronJob, &status) }
        }
    }

    private func delete(
        _ job: Unstructured, of cronJob: Unstructured, _ status: inout CronJobStatus
    ) async throws(Status) {
        do {
            try await context.client.delete(
                .jobs, job.objectName, DeletionOptions(propagation: .background, uid: job.uid))
        } catch {
            recorder.warning("FailedDelete", "Deleted job: \(error.message)", about: cronJob)
            throw error
        }
        status.remove(uid: job.uid)
        recorder.normal("SuccessfulDelete", "Deleted job \(job.name)", about: cronJob)
    }

    /// Notes which Jobs have come to their end, and which are gone.
    private func count(
        _ jobs: [Unstructured], of cronJob: Unstructured, _ status: inout CronJobStatus
    ) async throws(Status) {
        for job in jobs {
            if let end = job.jobEnd {
                if status.isActive(uid: job.uid) {
                    status.remove(uid: job.uid)
                    recorder.normal(
                        "SawCompletedJob", "Saw completed job: \(job.name), condition: \(end)", about: cronJob)
                }
                if end == "Complete" { status.noteSuccess(at: job.tree.time(at: "status", "completionTime")) }
            } else if !status.isActive(uid: job.uid) {
                recorder.warning(
                    "UnexpectedJob", "Saw a job that the controller did not create or forgot: \(job.name)",
                    about: cronJob)
            }
        }
        let uids = Set(jobs.map(\.uid))
        for reference in status.active where !uids.contains(reference.text(at: "uid")) {
            let name = ObjectName(namespace: cronJob.namespace, name: reference.text(at: "name"))
            guard try await context.client.find(.jobs, name) == nil else { continue }
            recorder.normal("MissingJob", "Active job went missing: \(name.name)", about: cronJob)
            status.remove(uid: reference.text(at: "uid"))
        }
    }

    // MARK: - The next Job

    /// Starts the Job that is due, if there is one.
    ///
    /// - Returns: after what time the CronJob is to be looked at again.
    private func start(_ cronJob: Unstructured, _ status: inout CronJobStatus) async throws(Status) -> Duration? {
        guard let (plan, due) = due(cronJob) else { return nil }
        let next = plan.nextCheck()
        guard let (time, hasMissedMany) = due else { return next }
        if hasMissedMany {
            recorder.warning(
                "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
                about: cronJob)
        }
        if plan.isTooLate(time) {
            recorder.warning(
                "MissSchedule", "Missed scheduled time to start a job: \(time.mailText)", about: cronJob)
            return next
        }
        let name = "\(cronJob.name)-\(time.secondsSinceEpoch / 60)"
        if status.isActive(name: name) || status.lastSchedule == time { return next }
        let policy = cronJob.tree.text(at: "spec", "concurrencyPolicy")
        if policy == "Forbid", !status.active.isEmpty {
            recorder.normal(
                "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid",
                about: cronJob)
            return next
        }
        if policy == "Replace" { try await replace(cronJob, &status) }
        guard let job = try await create(job(named: name, of: cronJob, at: time), of: cronJob, &status) else {
            return nil
        }
        status.add(job)
        status.lastSchedule = time
        return next
    }

    /// Nil, with an event, where nothing will ever be due as the CronJob is.
    private func due(
        _ cronJob: Unstructured
    ) -> (CronPlan, (time: Timestamp, hasMissedMany: Bool)?)? {
        let schedule = cronJob.tree.text(at: "spec", "schedule")
        do {
            guard let plan = try plan(cronJob) else {
                let zone = cronJob.tree.text(at: "spec", "timeZone")
                recorder.warning(
                    "UnknownTimeZone", "invalid timeZone: \"\(zone)\": unknown time zone \(zone)", about: cronJob)
                return nil
            }
            return cronJob.tree.flag(at: "spec", "suspend") ? nil : (plan, try plan.due())
        } catch let fault as CronFault {
            recorder.warning(
                "UnparseableSchedule", "unparseable schedule: \"\(schedule)\" : \(fault.cause)", about: cronJob)
        } catch {
            recorder.warning(
                "InvalidSchedule", "invalid schedule: \(schedule) : \(CronPlan.Unreasonable().cause)", about: cronJob)
        }
        return nil
    }

    private func replace(_ cronJob: Unstructured, _ status: inout CronJobStatus) async throws(Status) {
        for reference in status.active {
            let name = ObjectName(namespace: cronJob.namespace, name: reference.text(at: "name"))
            let job: Unstructured
            do {
                job = try await context.client.get(.jobs, name)
            } catch {
                recorder.warning("FailedGet", "Get job: \(error.message)", about: cronJob)
                throw error
            }
            try await delete(job, of: cronJob, &status)
        }
    }

    /// - Returns: nil where there is a Job of this name that is another's, or counted already.
    private func create(
        _ job: Unstructured, of cronJob: Unstructured, _ status: inout CronJobStatus
    ) async throws(Status) -> Unstructured? {
        do {
            let created = try await context.client.create(job, in: .jobs)
            recorder.normal("SuccessfulCreate", "Created job \(job.name)", about: cronJob)
            return created
        } catch {
            if error.isAboutEndingNamespace { return nil }
            guard error.reason == "AlreadyExists" else {
                recorder.warning("FailedCreate", "Error creating job: \(error.message)", about: cronJob)
                throw error
            }
            // The status was not written the last time.
            let found = try await context.client.get(.jobs, job.objectName)
            return found.controllerOwner?.uid == cronJob.uid && !status.isActive(uid: found.uid) ? found : nil
        }
    }

    private func job(named name: String, of cronJob: Unstructured, at time: Timestamp) -> Unstructured {
        let template = cronJob[["spec", "jobTemplate"]] ?? .null
        var job = Unstructured(.jobs, namespace: cronJob.namespace, name: name)
        job.labels = template.map(at: "metadata", "labels")
        job.annotations = template.map(at: "metadata", "annotations")
        let zone = cronJob[["spec", "timeZone"]]?.string.flatMap { zones[$0] } ?? .utc
        job.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = time.text(in: zone)
        job.ownerReferences = [cronJob.asController]
        job["spec"] = template["spec"]
        return job
    }
}

extension Unstructured {
    /// Of a Job: the condition that says that it has come to its end.
    var jobEnd: String? {
        let conditions = StatusConditions(self)
        return ["Complete", "Failed"].first { conditions[$0]?.text(at: "status") == "True" }
    }

    /// Those without a start come last.
    fileprivate var jobStart: Timestamp {
        tree.time(at: "status", "startTime") ?? Timestamp(microsecondsSinceEpoch: .max)
    }
}

extension Timestamp {
    private static let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// As mail has it, in UTC (RFC 1123): `Mon, 02 Jan 2006 15:04:05 +0000`.
    var mailText: String {
        let day = secondsSinceEpoch.flooredQuotient(by: 86_400)
        let date = Self.date(ofDay: day)
        let weekday = Self.dayNames[Int(((day + 4) % 7 + 7) % 7)]
        let number = date.day < 10 ? "0\(date.day)" : "\(date.day)"
        let clock = text.dropFirst(11).dropLast()
        return "\(weekday), \(number) \(Self.monthNames[Int(date.month) - 1]) \(date.year) \(clock) +0000"
    }

    /// RFC 3339 with the offset of a zone: `2006-01-02T15:04:05+01:00`.
    func text(in zone: TimeZoneRules) -> String {
        let offset = zone.offsetSeconds(at: secondsSinceEpoch)
        if offset == 0 { return text }
        let shown = Timestamp(secondsSinceEpoch: secondsSinceEpoch + offset).text.dropLast()
        let minutes = abs(offset) / 60
        func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(shown)\(offset < 0 ? "-" : "+")\(padded(minutes / 60)):\(padded(minutes % 60))"
    }
}

extension SchemaTable {
    /// batch/v1.
    static let batch = SchemaTable(
        .batch,
        """
        CronJob kind list | Makes a Job at certain times.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec CronJobSpec! | The times and the job.
         status CronJobStatus | When it last ran.
        CronJobSpec
         concurrencyPolicy string go=v1.ConcurrencyPolicy | Allow, Forbid or Replace, where the last job still runs.
         failedJobsHistoryLimit int32* | How many failed jobs are kept.
         jobTemplate JobTemplateSpec! | What its Jobs are made from.
         schedule string*! | The times, as cron writes them.
         startingDeadlineSeconds int64* | How late a job may still start.
         successfulJobsHistoryLimit int32* | How many jobs that succeeded are kept.
         suspend bool* | No jobs are made while this is true.
         timeZone string* | The time zone of the times.
        CronJobStatus
         active [core.ObjectReference]
         lastScheduleTime time*
         lastSuccessfulTime time*
        Job kind list | Runs Pods until enough of them have succeeded.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec JobSpec | The Pods, and when the job is done.
         status JobStatus | How many run, succeeded and failed.
        JobCondition
         lastProbeTime time
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.JobConditionType
        JobSpec
         activeDeadlineSeconds int64* | How long the job may take.
         backoffLimit int32* | How many failures are borne.
         backoffLimitPerIndex int32*
         completionMode string* go=v1.CompletionMode | NonIndexed or Indexed.
         completions int32* | How many Pods must succeed.
         managedBy string*
         manualSelector bool*
         maxFailedIndexes int32*
         parallelism int32* | How many Pods run at a time.
         podFailurePolicy PodFailurePolicy
         podReplacementPolicy string* go=v1.PodReplacementPolicy
         selector meta.LabelSelector | The labels of its Pods; set by the system.
         successPolicy SuccessPolicy
         suspend bool* | No Pods are run while this is true.
         template core.PodTemplateSpec! | What its Pods are made from.
         ttlSecondsAfterFinished int32* | How long the job is kept once it is done.
        JobStatus
         active int32
         completedIndexes string
         completionTime time*
         conditions [JobCondition] merge(type)
         failed int32
         failedIndexes string*
         ready int32*
         startTime time*
         succeeded int32
         terminating int32*
         uncountedTerminatedPods UncountedTerminatedPods
        JobTemplateSpec
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec JobSpec
        PodFailurePolicy
         rules [PodFailurePolicyRule]*!
        PodFailurePolicyOnExitCodesRequirement
         containerName string*
         operator string*! go=v1.PodFailurePolicyOnExitCodesOperator
         values [int32]*! set
        PodFailurePolicyOnPodConditionsPattern
         status string* go=v1.ConditionStatus
         type string*! go=v1.PodConditionType
        PodFailurePolicyRule
         action string*! go=v1.PodFailurePolicyAction
         onExitCodes PodFailurePolicyOnExitCodesRequirement
         onPodConditions [PodFailurePolicyOnPodConditionsPattern]
        SuccessPolicy
         rules [SuccessPolicyRule]*!
        SuccessPolicyRule
         succeededCount int32*
         succeededIndexes string*
        UncountedTerminatedPods
         failed [string] set go=[]types.UID
         succeeded [string] set go=[]types.UID
        """)
}

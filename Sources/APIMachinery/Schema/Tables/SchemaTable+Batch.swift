extension SchemaTable {
    /// batch/v1.
    static let batch = SchemaTable(
        .batch,
        """
        CronJob kind list | Makes a Job at certain times.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec CronJobSpec! =2 | The times and the job.
         status CronJobStatus =3 | When it last ran.
        CronJobSpec
         concurrencyPolicy string =3 go=v1.ConcurrencyPolicy | Allow, Forbid or Replace, where the last job still runs.
         failedJobsHistoryLimit int32* =7 | How many failed jobs are kept.
         jobTemplate JobTemplateSpec! =5 | What its Jobs are made from.
         schedule string*! =1 | The times, as cron writes them.
         startingDeadlineSeconds int64* =2 | How late a job may still start.
         successfulJobsHistoryLimit int32* =6 | How many jobs that succeeded are kept.
         suspend bool* =4 | No jobs are made while this is true.
         timeZone string* =8 | The time zone of the times.
        CronJobStatus
         active [core.ObjectReference] =1
         lastScheduleTime time* =4
         lastSuccessfulTime time* =5
        Job kind list | Runs Pods until enough of them have succeeded.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec JobSpec =2 | The Pods, and when the job is done.
         status JobStatus =3 | How many run, succeeded and failed.
        JobCondition
         lastProbeTime time =3
         lastTransitionTime time =4
         message string =6
         reason string =5
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.JobConditionType
        JobSpec
         activeDeadlineSeconds int64* =3 | How long the job may take.
         backoffLimit int32* =7 | How many failures are borne.
         backoffLimitPerIndex int32* =12
         completionMode string* =9 go=v1.CompletionMode | NonIndexed or Indexed.
         completions int32* =2 | How many Pods must succeed.
         managedBy string* =15
         manualSelector bool* =5
         maxFailedIndexes int32* =13
         parallelism int32* =1 | How many Pods run at a time.
         podFailurePolicy PodFailurePolicy =11
         podReplacementPolicy string* =14 go=v1.PodReplacementPolicy
         selector meta.LabelSelector =4 | The labels of its Pods; set by the system.
         successPolicy SuccessPolicy =16
         suspend bool* =10 | No Pods are run while this is true.
         template core.PodTemplateSpec! =6 | What its Pods are made from.
         ttlSecondsAfterFinished int32* =8 | How long the job is kept once it is done.
        JobStatus
         active int32 =4
         completedIndexes string =7
         completionTime time* =3
         conditions [JobCondition] =1 merge(type)
         failed int32 =6
         failedIndexes string* =10
         ready int32* =9
         startTime time* =2
         succeeded int32 =5
         terminating int32* =11
         uncountedTerminatedPods UncountedTerminatedPods =8
        JobTemplateSpec
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec JobSpec =2
        PodFailurePolicy
         rules [PodFailurePolicyRule]*! =1
        PodFailurePolicyOnExitCodesRequirement
         containerName string* =1
         operator string*! =2 go=v1.PodFailurePolicyOnExitCodesOperator
         values [int32]*! =3 set
        PodFailurePolicyOnPodConditionsPattern
         status string* =2 go=v1.ConditionStatus
         type string*! =1 go=v1.PodConditionType
        PodFailurePolicyRule
         action string*! =1 go=v1.PodFailurePolicyAction
         onExitCodes PodFailurePolicyOnExitCodesRequirement =2
         onPodConditions [PodFailurePolicyOnPodConditionsPattern] =3
        SuccessPolicy
         rules [SuccessPolicyRule]*! =1
        SuccessPolicyRule
         succeededCount int32* =2
         succeededIndexes string* =1
        UncountedTerminatedPods
         failed [string] =2 set go=[]types.UID
         succeeded [string] =1 set go=[]types.UID
        """)
}

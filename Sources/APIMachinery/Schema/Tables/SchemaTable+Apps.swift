extension SchemaTable {
    /// apps/v1.
    static let apps = SchemaTable(
        .apps,
        """
        ControllerRevision kind list | A former state of a set's template.
         data any | The state.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         revision int64*! | Its number.
        DaemonSet kind list | Keeps one Pod on every node that fits.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec DaemonSetSpec | The Pods, and how they are replaced.
         status DaemonSetStatus | On how many nodes they run.
        DaemonSetCondition
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.DaemonSetConditionType
        DaemonSetSpec
         minReadySeconds int32
         revisionHistoryLimit int32*
         selector meta.LabelSelector! | The labels of its Pods.
         template core.PodTemplateSpec! | What its Pods are made from.
         updateStrategy DaemonSetUpdateStrategy | How old Pods give way to new ones.
        DaemonSetStatus
         collisionCount int32*
         conditions [DaemonSetCondition] map(type) merge(type)
         currentNumberScheduled int32*!
         desiredNumberScheduled int32*!
         numberAvailable int32
         numberMisscheduled int32*!
         numberReady int32*!
         numberUnavailable int32
         observedGeneration int64
         updatedNumberScheduled int32
        DaemonSetUpdateStrategy
         rollingUpdate RollingUpdateDaemonSet
         type string go=v1.DaemonSetUpdateStrategyType
        Deployment kind list | Keeps a number of equal Pods running and replaces them step by step.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec DeploymentSpec | The Pods, their number, and how they are replaced.
         status DeploymentStatus | How far it has come.
        DeploymentCondition
         lastTransitionTime time
         lastUpdateTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.DeploymentConditionType
        DeploymentSpec
         minReadySeconds int32 | How long a new Pod must be ready before it counts.
         paused bool | Changes of the template are not acted on.
         progressDeadlineSeconds int32* | After so long without a step forward it counts as failed.
         replicas int32* | How many Pods are wanted; 1 where nothing is said.
         revisionHistoryLimit int32* | How many old ReplicaSets are kept for a way back.
         selector meta.LabelSelector! | The labels of its Pods; the template's labels must fit, and it cannot change.
         strategy DeploymentStrategy retainKeys | How old Pods give way to new ones.
         template core.PodTemplateSpec! | What its Pods are made from.
        DeploymentStatus
         availableReplicas int32 | Pods that have been ready for minReadySeconds.
         collisionCount int32*
         conditions [DeploymentCondition] map(type) merge(type) | Available, Progressing and ReplicaFailure.
         observedGeneration int64 | The generation that this speaks of.
         readyReplicas int32 | Pods that are ready.
         replicas int32 | All Pods that it has.
         terminatingReplicas int32*
         unavailableReplicas int32 | Pods that are still missing.
         updatedReplicas int32 | Pods of the newest template.
        DeploymentStrategy
         rollingUpdate RollingUpdateDeployment | The steps; for RollingUpdate alone.
         type string go=v1.DeploymentStrategyType | RollingUpdate, or Recreate: all old Pods end first.
        ReplicaSet kind list | Keeps a number of equal Pods running.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec ReplicaSetSpec | The Pods and their number.
         status ReplicaSetStatus | How many there are.
        ReplicaSetCondition
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.ReplicaSetConditionType
        ReplicaSetSpec
         minReadySeconds int32 | How long a new Pod must be ready before it counts.
         replicas int32* | How many Pods are wanted; 1 where nothing is said.
         selector meta.LabelSelector! | The labels of its Pods.
         template core.PodTemplateSpec | What its Pods are made from.
        ReplicaSetStatus
         availableReplicas int32
         conditions [ReplicaSetCondition] map(type) merge(type)
         fullyLabeledReplicas int32
         observedGeneration int64
         readyReplicas int32
         replicas int32*!
         terminatingReplicas int32*
        RollingUpdateDaemonSet
         maxSurge intOrString*
         maxUnavailable intOrString*
        RollingUpdateDeployment
         maxSurge intOrString* | How many Pods there may be above the wanted number, or a share of it such as 25%.
         maxUnavailable intOrString* | How many of the wanted Pods may be missing, or a share of them such as 25%.
        RollingUpdateStatefulSetStrategy
         maxUnavailable intOrString*
         partition int32*
        StatefulSet kind list | Keeps numbered Pods with names and storage of their own.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec StatefulSetSpec | The Pods, their number and their storage.
         status StatefulSetStatus | How far it has come.
        StatefulSetCondition
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.StatefulSetConditionType
        StatefulSetOrdinals
         start int32*
        StatefulSetPersistentVolumeClaimRetentionPolicy
         whenDeleted string go=v1.PersistentVolumeClaimRetentionPolicyType
         whenScaled string go=v1.PersistentVolumeClaimRetentionPolicyType
        StatefulSetSpec
         minReadySeconds int32
         ordinals StatefulSetOrdinals
         persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy
         podManagementPolicy string go=v1.PodManagementPolicyType | OrderedReady, one after the other, or Parallel.
         replicas int32* | How many Pods are wanted; 1 where nothing is said.
         revisionHistoryLimit int32*
         selector meta.LabelSelector! | The labels of its Pods.
         serviceName string* | The Service that gives the Pods their names.
         template core.PodTemplateSpec! | What its Pods are made from.
         updateStrategy StatefulSetUpdateStrategy | How old Pods give way to new ones.
         volumeClaimTemplates [core.PersistentVolumeClaim] | Storage that each Pod claims for itself.
        StatefulSetStatus
         availableReplicas int32*
         collisionCount int32*
         conditions [StatefulSetCondition] map(type) merge(type)
         currentReplicas int32
         currentRevision string
         observedGeneration int64
         readyReplicas int32
         replicas int32*!
         updateRevision string
         updatedReplicas int32
        StatefulSetUpdateStrategy
         rollingUpdate RollingUpdateStatefulSetStrategy
         type string go=v1.StatefulSetUpdateStrategyType
        """)
}

extension SchemaTable {
    /// apps/v1.
    static let apps = SchemaTable(
        .apps,
        """
        ControllerRevision kind list | A former state of a set's template.
         data any =2 | The state.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         revision int64*! =3 | Its number.
        DaemonSet kind list | Keeps one Pod on every node that fits.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec DaemonSetSpec =2 | The Pods, and how they are replaced.
         status DaemonSetStatus =3 | On how many nodes they run.
        DaemonSetCondition
         lastTransitionTime time =3
         message string =5
         reason string =4
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.DaemonSetConditionType
        DaemonSetSpec
         minReadySeconds int32 =4
         revisionHistoryLimit int32* =6
         selector meta.LabelSelector! =1 | The labels of its Pods.
         template core.PodTemplateSpec! =2 | What its Pods are made from.
         updateStrategy DaemonSetUpdateStrategy =3 | How old Pods give way to new ones.
        DaemonSetStatus
         collisionCount int32* =9
         conditions [DaemonSetCondition] =10 map(type) merge(type)
         currentNumberScheduled int32*! =1
         desiredNumberScheduled int32*! =3
         numberAvailable int32 =7
         numberMisscheduled int32*! =2
         numberReady int32*! =4
         numberUnavailable int32 =8
         observedGeneration int64 =5
         updatedNumberScheduled int32 =6
        DaemonSetUpdateStrategy
         rollingUpdate RollingUpdateDaemonSet =2
         type string =1 go=v1.DaemonSetUpdateStrategyType
        Deployment kind list | Keeps a number of equal Pods running and replaces them step by step.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec DeploymentSpec =2 | The Pods, their number, and how they are replaced.
         status DeploymentStatus =3 | How far it has come.
        DeploymentCondition
         lastTransitionTime time =7
         lastUpdateTime time =6
         message string =5
         reason string =4
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.DeploymentConditionType
        DeploymentSpec
         minReadySeconds int32 =5 | How long a new Pod must be ready before it counts.
         paused bool =7 | Changes of the template are not acted on.
         progressDeadlineSeconds int32* =9 | After so long without a step forward it counts as failed.
         replicas int32* =1 | How many Pods are wanted; 1 where nothing is said.
         revisionHistoryLimit int32* =6 | How many old ReplicaSets are kept for a way back.
         selector meta.LabelSelector! =2 | The labels of its Pods; the template's labels must fit, and it cannot change.
         strategy DeploymentStrategy =4 retainKeys | How old Pods give way to new ones.
         template core.PodTemplateSpec! =3 | What its Pods are made from.
        DeploymentStatus
         availableReplicas int32 =4 | Pods that have been ready for minReadySeconds.
         collisionCount int32* =8
         conditions [DeploymentCondition] =6 map(type) merge(type) | Available, Progressing and ReplicaFailure.
         observedGeneration int64 =1 | The generation that this speaks of.
         readyReplicas int32 =7 | Pods that are ready.
         replicas int32 =2 | All Pods that it has.
         terminatingReplicas int32* =9
         unavailableReplicas int32 =5 | Pods that are still missing.
         updatedReplicas int32 =3 | Pods of the newest template.
        DeploymentStrategy
         rollingUpdate RollingUpdateDeployment =2 | The steps; for RollingUpdate alone.
         type string =1 go=v1.DeploymentStrategyType | RollingUpdate, or Recreate: all old Pods end first.
        ReplicaSet kind list | Keeps a number of equal Pods running.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec ReplicaSetSpec =2 | The Pods and their number.
         status ReplicaSetStatus =3 | How many there are.
        ReplicaSetCondition
         lastTransitionTime time =3
         message string =5
         reason string =4
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.ReplicaSetConditionType
        ReplicaSetSpec
         minReadySeconds int32 =4 | How long a new Pod must be ready before it counts.
         replicas int32* =1 | How many Pods are wanted; 1 where nothing is said.
         selector meta.LabelSelector! =2 | The labels of its Pods.
         template core.PodTemplateSpec =3 | What its Pods are made from.
        ReplicaSetStatus
         availableReplicas int32 =5
         conditions [ReplicaSetCondition] =6 map(type) merge(type)
         fullyLabeledReplicas int32 =2
         observedGeneration int64 =3
         readyReplicas int32 =4
         replicas int32*! =1
         terminatingReplicas int32* =7
        RollingUpdateDaemonSet
         maxSurge intOrString* =2
         maxUnavailable intOrString* =1
        RollingUpdateDeployment
         maxSurge intOrString* =2 | How many Pods there may be above the wanted number, or a share of it such as 25%.
         maxUnavailable intOrString* =1 | How many of the wanted Pods may be missing, or a share of them such as 25%.
        RollingUpdateStatefulSetStrategy
         maxUnavailable intOrString* =2
         partition int32* =1
        StatefulSet kind list | Keeps numbered Pods with names and storage of their own.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec StatefulSetSpec =2 | The Pods, their number and their storage.
         status StatefulSetStatus =3 | How far it has come.
        StatefulSetCondition
         lastTransitionTime time =3
         message string =5
         reason string =4
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.StatefulSetConditionType
        StatefulSetOrdinals
         start int32* =1
        StatefulSetPersistentVolumeClaimRetentionPolicy
         whenDeleted string =1 go=v1.PersistentVolumeClaimRetentionPolicyType
         whenScaled string =2 go=v1.PersistentVolumeClaimRetentionPolicyType
        StatefulSetSpec
         minReadySeconds int32 =9
         ordinals StatefulSetOrdinals =11
         persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy =10
         podManagementPolicy string =6 go=v1.PodManagementPolicyType | OrderedReady, one after the other, or Parallel.
         replicas int32* =1 | How many Pods are wanted; 1 where nothing is said.
         revisionHistoryLimit int32* =8
         selector meta.LabelSelector! =2 | The labels of its Pods.
         serviceName string* =5 | The Service that gives the Pods their names.
         template core.PodTemplateSpec! =3 | What its Pods are made from.
         updateStrategy StatefulSetUpdateStrategy =7 | How old Pods give way to new ones.
         volumeClaimTemplates [core.PersistentVolumeClaim] =4 | Storage that each Pod claims for itself.
        StatefulSetStatus
         availableReplicas int32* =11
         collisionCount int32* =9
         conditions [StatefulSetCondition] =10 map(type) merge(type)
         currentReplicas int32 =4
         currentRevision string =6
         observedGeneration int64 =1
         readyReplicas int32 =3
         replicas int32*! =2
         updateRevision string =7
         updatedReplicas int32 =5
        StatefulSetUpdateStrategy
         rollingUpdate RollingUpdateStatefulSetStrategy =2
         type string =1 go=v1.StatefulSetUpdateStrategyType
        """)
}

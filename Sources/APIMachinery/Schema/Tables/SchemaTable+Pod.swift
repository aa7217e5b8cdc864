extension SchemaTable {
    /// core/v1: Pod and what is in it, but for volumes.
    static let pod = SchemaTable(
        .core,
        """
        Affinity
         nodeAffinity NodeAffinity | Rules about the node's labels.
         podAffinity PodAffinity | Pods to be near to.
         podAntiAffinity PodAntiAffinity | Pods to keep away from.
        AppArmorProfile
         localhostProfile string*
         type string*! go=v1.AppArmorProfileType
        Capabilities
         add [string] go=[]v1.Capability
         drop [string] go=[]v1.Capability
        ConfigMapEnvSource
         name string
         optional bool*
        ConfigMapKeySelector atomic
         key string*!
         name string
         optional bool*
        Container | One process tree of a Pod, run from an image.
         args [string] | Arguments; in place of those of the image.
         command [string] | What is started, without a shell; in place of the image's entry point.
         env [EnvVar] map(name) merge(name) | Environment variables.
         envFrom [EnvFromSource] | ConfigMaps and Secrets whose keys become environment variables.
         image string | The image that it runs.
         imagePullPolicy string go=v1.PullPolicy | Always, Never or IfNotPresent.
         lifecycle Lifecycle | What is done after the start and before the end.
         livenessProbe Probe | While it fails, the container is started anew.
         name string*! | Its name, unlike that of any other container of the Pod.
         ports [ContainerPort] map(containerPort,protocol) merge(containerPort) | Ports that it listens on; for information, and for names that Services may use.
         readinessProbe Probe | While it fails, no Service sends anything here.
         resizePolicy [ContainerResizePolicy] | What a change of its resources means for it.
         resources ResourceRequirements | What it needs of CPU, memory and others, and what it may use at most.
         restartPolicy string* go=v1.ContainerRestartPolicy | Its own restart policy, in place of the Pod's.
         restartPolicyRules [ContainerRestartRule]
         securityContext SecurityContext | Users, groups and rights of this container.
         startupProbe Probe | Holds the other probes back until it succeeds.
         stdin bool | Keep standard input open.
         stdinOnce bool
         terminationMessagePath string | The file whose text tells why it ended.
         terminationMessagePolicy string go=v1.TerminationMessagePolicy | File, or FallbackToLogsOnError.
         tty bool | Give it a terminal.
         volumeDevices [VolumeDevice] map(devicePath) merge(devicePath)
         volumeMounts [VolumeMount] map(mountPath) merge(mountPath) | Where volumes appear in its file system.
         workingDir string | Where it starts.
        ContainerExtendedResourceRequest
         containerName string*!
         requestName string*!
         resourceName string*!
        ContainerImage
         names [string]*
         sizeBytes int64
        ContainerPort
         containerPort int32*! | The port, in the Pod's own network.
         hostIP string | The node's address that hostPort binds.
         hostPort int32 | A port of the node that leads here.
         name string | A name for the port, unlike any other of the Pod.
         protocol string default=TCP go=v1.Protocol | TCP, UDP or SCTP.
        ContainerResizePolicy
         resourceName string*! go=v1.ResourceName
         restartPolicy string*! go=v1.ResourceResizeRestartPolicy
        ContainerRestartRule
         action string! go=v1.ContainerRestartRuleAction
         exitCodes ContainerRestartRuleOnExitCodes
        ContainerRestartRuleOnExitCodes
         operator string! go=v1.ContainerRestartRuleOnExitCodesOperator
         values [int32] set
        ContainerState
         running ContainerStateRunning
         terminated ContainerStateTerminated
         waiting ContainerStateWaiting
        ContainerStateRunning
         startedAt time
        ContainerStateTerminated
         containerID string
         exitCode int32*!
         finishedAt time
         message string
         reason string
         signal int32
         startedAt time
        ContainerStateWaiting
         message string
         reason string
        ContainerStatus
         allocatedResources {quantity} go=v1.ResourceList
         allocatedResourcesStatus [ResourceStatus] map(name) merge(name)
         containerID string
         image string*!
         imageID string*!
         lastState ContainerState
         name string*!
         ready bool*!
         resources ResourceRequirements
         restartCount int32*!
         started bool*
         state ContainerState
         stopSignal string* go=v1.Signal
         user ContainerUser
         volumeMounts [VolumeMountStatus] map(mountPath) merge(mountPath)
        ContainerUser
         linux LinuxContainerUser
        EnvFromSource
         configMapRef ConfigMapEnvSource
         prefix string
         secretRef SecretEnvSource
        EnvVar
         name string*! | The variable.
         value string | Its value, in which $(OTHER) stands for other variables.
         valueFrom EnvVarSource | Where its value comes from.
        EnvVarSource
         configMapKeyRef ConfigMapKeySelector
         fieldRef ObjectFieldSelector
         fileKeyRef FileKeySelector
         resourceFieldRef ResourceFieldSelector
         secretKeyRef SecretKeySelector
        EphemeralContainer
         args [string]
         command [string]
         env [EnvVar] map(name) merge(name)
         envFrom [EnvFromSource]
         image string
         imagePullPolicy string go=v1.PullPolicy
         lifecycle Lifecycle
         livenessProbe Probe
         name string*!
         ports [ContainerPort] map(containerPort,protocol) merge(containerPort)
         readinessProbe Probe
         resizePolicy [ContainerResizePolicy]
         resources ResourceRequirements
         restartPolicy string* go=v1.ContainerRestartPolicy
         restartPolicyRules [ContainerRestartRule]
         securityContext SecurityContext
         startupProbe Probe
         stdin bool
         stdinOnce bool
         targetContainerName string
         terminationMessagePath string
         terminationMessagePolicy string go=v1.TerminationMessagePolicy
         tty bool
         volumeDevices [VolumeDevice] map(devicePath) merge(devicePath)
         volumeMounts [VolumeMount] map(mountPath) merge(mountPath)
         workingDir string
        ExecAction
         command [string]
        FileKeySelector atomic
         key string*!
         optional bool*
         path string*!
         volumeName string*!
        GRPCAction
         port int32*!
         service string*
        HTTPGetAction
         host string
         httpHeaders [HTTPHeader]
         path string | What is asked for.
         port intOrString*! | The number, or the name, of a port.
         scheme string go=v1.URIScheme
        HostAlias
         hostnames [string]
         ip string*!
        ImageVolumeStatus
         imageRef string!
        Lifecycle
         postStart LifecycleHandler
         preStop LifecycleHandler
         stopSignal string* go=v1.Signal
        LifecycleHandler
         exec ExecAction
         httpGet HTTPGetAction
         sleep SleepAction
         tcpSocket TCPSocketAction
        NodeAffinity
         preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]
         requiredDuringSchedulingIgnoredDuringExecution NodeSelector
        NodeAllocatableResourceClaimStatus
         containers [string] set
         resourceClaimName string*!
         resources {quantity}*! go=map[v1.ResourceName]resource.Quantity
        NodeRuntimeHandler
         features NodeRuntimeHandlerFeatures
         name string*
        NodeRuntimeHandlerFeatures
         recursiveReadOnlyMounts bool*
         userNamespaces bool*
        Pod kind list | Containers that run together on one node and share its network address and volumes.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec PodSpec | What is to run, and how.
         status PodStatus | What was last seen of it.
        PodAffinity
         preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
         requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
        PodAffinityTerm
         labelSelector meta.LabelSelector
         matchLabelKeys [string]
         mismatchLabelKeys [string]
         namespaceSelector meta.LabelSelector
         namespaces [string]
         topologyKey string*!
        PodAntiAffinity
         preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
         requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
        PodCondition
         lastProbeTime time
         lastTransitionTime time
         message string
         observedGeneration int64
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.PodConditionType
        PodDNSConfig
         nameservers [string]
         options [PodDNSConfigOption]
         searches [string]
        PodDNSConfigOption
         name string
         value string*
        PodExtendedResourceClaimStatus
         requestMappings [ContainerExtendedResourceRequest]*!
         resourceClaimName string*!
        PodIP
         ip string*!
        PodOS
         name string*! go=v1.OSName
        PodReadinessGate
         conditionType string*! go=v1.PodConditionType
        PodResourceClaim
         name string*!
         resourceClaimName string*
         resourceClaimTemplateName string*
        PodResourceClaimStatus
         name string*!
         resourceClaimName string*
        PodSchedulingGate
         name string*!
        PodSchedulingGroup
         podGroupName string*
        PodSecurityContext
         appArmorProfile AppArmorProfile
         fsGroup int64* | The group that volumes belong to.
         fsGroupChangePolicy string* go=v1.PodFSGroupChangePolicy
         runAsGroup int64* | The group that processes start with.
         runAsNonRoot bool* | Refuse to start as root.
         runAsUser int64* | The user that processes start with.
         seLinuxChangePolicy string* go=v1.PodSELinuxChangePolicy
         seLinuxOptions SELinuxOptions
         seccompProfile SeccompProfile
         supplementalGroups [int64]
         supplementalGroupsPolicy string* go=v1.SupplementalGroupsPolicy
         sysctls [Sysctl] | Kernel parameters of the Pod.
         windowsOptions WindowsSecurityContextOptions
        PodSpec | What a Pod runs, where it may run, and what it needs.
         activeDeadlineSeconds int64* | The Pod fails once it has been on its node for so long.
         affinity Affinity | Which nodes, and which company, the Pod wants.
         automountServiceAccountToken bool* | Whether containers get a token of the service account.
         containers [Container]*! map(name) merge(name) | The containers. A Pod has one at least; the list cannot change later.
         dnsConfig PodDNSConfig | Settings for names, added to what dnsPolicy gives.
         dnsPolicy string go=v1.DNSPolicy | Where names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.
         enableServiceLinks bool* | Whether Services of the namespace appear as environment variables.
         ephemeralContainers [EphemeralContainer] map(name) merge(name) | Containers added to a running Pod to look into it.
         hostAliases [HostAlias] map(ip) merge(ip) | Lines for the Pod's hosts file.
         hostIPC bool | Share the node's IPC namespace.
         hostNetwork bool | Use the node's network in place of one of its own.
         hostPID bool | Share the node's process ids.
         hostUsers bool*
         hostname string | The host name inside of the Pod; its own name where empty.
         hostnameOverride string*
         imagePullSecrets [LocalObjectReference] map(name) merge(name) | Secrets of the namespace with which images are pulled.
         initContainers [Container] map(name) merge(name) | Containers that run first, one after the other, each to its end.
         nodeName string | The node that it runs on; set by the scheduler.
         nodeSelector {string} atomic | Labels that the node must have.
         os PodOS | The operating system that the Pod needs.
         overhead {quantity} go=v1.ResourceList | What running the Pod takes beside its containers.
         preemptionPolicy string* go=v1.PreemptionPolicy | PreemptLowerPriority or Never.
         priority int32* | Higher numbers are placed first; follows from priorityClassName.
         priorityClassName string | The class that says how important the Pod is.
         readinessGates [PodReadinessGate] | Conditions that must be true, too, before the Pod is ready.
         resourceClaims [PodResourceClaim] map(name) merge(name) retainKeys
         resources ResourceRequirements | Limits and requests of the Pod as a whole.
         restartPolicy string go=v1.RestartPolicy | Always, OnFailure or Never.
         runtimeClassName string* | The runtime that is to run the Pod.
         schedulerName string | The scheduler that places the Pod.
         schedulingGates [PodSchedulingGate] map(name) merge(name) | While there is one, the Pod is not placed.
         schedulingGroup PodSchedulingGroup
         securityContext PodSecurityContext | Users, groups and rights for all containers.
         serviceAccount string | The old name of serviceAccountName.
         serviceAccountName string | The account that the containers act as.
         setHostnameAsFQDN bool* | The host name is the full name.
         shareProcessNamespace bool* | The containers see one another's processes.
         subdomain string | Makes the Pod's full name host.subdomain.namespace.svc.domain.
         terminationGracePeriodSeconds int64* | How long the containers have to end by themselves; 30 where nothing is said.
         tolerations [Toleration] | Taints that the Pod bears.
         topologySpreadConstraints [TopologySpreadConstraint] map(topologyKey,whenUnsatisfiable) merge(topologyKey) | How Pods of one kind are spread over zones and nodes.
         volumes [Volume] map(name) merge(name) retainKeys | Storage that containers may mount.
        PodStatus
         allocatedResources {quantity} go=v1.ResourceList
         conditions [PodCondition] map(type) merge(type) | PodScheduled, Initialized, ContainersReady, Ready and others.
         containerStatuses [ContainerStatus] | What each container does.
         ephemeralContainerStatuses [ContainerStatus]
         extendedResourceClaimStatus PodExtendedResourceClaimStatus
         hostIP string | The node's address.
         hostIPs [HostIP] merge(ip) | All addresses of the node.
         initContainerStatuses [ContainerStatus] | What each init container does.
         message string | For people: why the Pod is as it is.
         nodeAllocatableResourceClaimStatuses [NodeAllocatableResourceClaimStatus]
         nominatedNodeName string | The node on which room is being made for the Pod.
         observedGeneration int64
         phase string go=v1.PodPhase | Pending, Running, Succeeded, Failed or Unknown.
         podIP string | The Pod's address.
         podIPs [PodIP] map(ip) merge(ip) | The Pod's addresses, one of each family at most.
         qosClass string go=v1.PodQOSClass | Guaranteed, Burstable or BestEffort; follows from limits and requests.
         reason string | One word for why the Pod is as it is.
         resize string go=v1.PodResizeStatus
         resourceClaimStatuses [PodResourceClaimStatus] map(name) merge(name) retainKeys
         resources ResourceRequirements
         startTime time* | When the node took the Pod on.
        PodTemplateSpec
         metadata meta.ObjectMeta | Labels and annotations of the Pods.
         spec PodSpec | What the Pods run.
        Probe | A check that is repeated.
         exec ExecAction | A command that must end with 0.
         failureThreshold int32 | How often in a row it must fail to count as failed.
         grpc GRPCAction | A gRPC health service.
         httpGet HTTPGetAction | A path that must answer with 200 to 399.
         initialDelaySeconds int32 | How long after the start the first check is made.
         periodSeconds int32 | How often it is checked.
         successThreshold int32 | How often in a row it must succeed to count as well again.
         tcpSocket TCPSocketAction | A port that must accept connections.
         terminationGracePeriodSeconds int64* | In place of the Pod's, where the container is ended for this probe.
         timeoutSeconds int32 | How long an answer may take.
        ResourceClaim
         name string*!
         request string
        ResourceFieldSelector atomic
         containerName string
         divisor quantity
         resource string*!
        ResourceHealth
         health string go=v1.ResourceHealthStatus
         message string*
         resourceID string*! go=v1.ResourceID
        ResourceRequirements | What a container needs and may use.
         claims [ResourceClaim] map(name) | Devices and others that the Pod claims.
         limits {quantity} go=v1.ResourceList | What it may use at most.
         requests {quantity} go=v1.ResourceList | What it is sure to get.
        ResourceStatus
         name string*! go=v1.ResourceName
         resources [ResourceHealth] map(resourceID)
        SELinuxOptions
         level string
         role string
         type string
         user string
        SeccompProfile
         localhostProfile string*
         type string*! go=v1.SeccompProfileType
        SecretEnvSource
         name string
         optional bool*
        SecretKeySelector atomic
         key string*!
         name string
         optional bool*
        SecurityContext
         allowPrivilegeEscalation bool* | Whether a process may gain more rights than its parent has.
         appArmorProfile AppArmorProfile
         capabilities Capabilities | Linux capabilities to add and to drop.
         privileged bool* | Give it all rights of the node.
         procMount string* go=v1.ProcMountType
         readOnlyRootFilesystem bool* | Its own file system cannot be written.
         runAsGroup int64*
         runAsNonRoot bool* | Refuse to start as root.
         runAsUser int64* | The user that its processes start with.
         seLinuxOptions SELinuxOptions
         seccompProfile SeccompProfile
         windowsOptions WindowsSecurityContextOptions
        SessionAffinityConfig
         clientIP ClientIPConfig
        SleepAction
         seconds int64*!
        Sysctl
         name string*!
         value string*!
        TCPSocketAction
         host string
         port intOrString*!
        Toleration
         effect string go=v1.TaintEffect | The effect that is borne; all where empty.
         key string | The taint that is borne; all where empty.
         operator string go=v1.TolerationOperator | Exists, or Equal.
         tolerationSeconds int64* | How long a taint that evicts is borne.
         value string | What the taint's value must be.
        TopologySpreadConstraint
         labelSelector meta.LabelSelector
         matchLabelKeys [string]
         maxSkew int32*!
         minDomains int32*
         nodeAffinityPolicy string* go=v1.NodeInclusionPolicy
         nodeTaintsPolicy string* go=v1.NodeInclusionPolicy
         topologyKey string*!
         whenUnsatisfiable string*! go=v1.UnsatisfiableConstraintAction
        VolumeDevice
         devicePath string*!
         name string*!
        VolumeMount
         mountPath string*! | Where the volume appears.
         mountPropagation string* go=v1.MountPropagationMode
         name string*! | The volume of the Pod.
         readOnly bool | Nothing may be written.
         recursiveReadOnly string* go=v1.RecursiveReadOnlyMode
         subPath string | A folder of the volume in place of its root.
         subPathExpr string
        VolumeMountStatus
         mountPath string*!
         name string*!
         readOnly bool
         recursiveReadOnly string* go=v1.RecursiveReadOnlyMode
         volumeStatus VolumeStatus
        WeightedPodAffinityTerm
         podAffinityTerm PodAffinityTerm!
         weight int32*!
        WindowsSecurityContextOptions
         gmsaCredentialSpec string*
         gmsaCredentialSpecName string*
         hostProcess bool*
         runAsUserName string*
        """)
}

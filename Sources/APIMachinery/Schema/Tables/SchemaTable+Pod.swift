extension SchemaTable {
    /// core/v1: Pod and what is in it, but for volumes.
    static let pod = SchemaTable(
        .core,
        """
        Affinity
         nodeAffinity NodeAffinity =1 | Rules about the node's labels.
         podAffinity PodAffinity =2 | Pods to be near to.
         podAntiAffinity PodAntiAffinity =3 | Pods to keep away from.
        AppArmorProfile
         localhostProfile string* =2
         type string*! =1 go=v1.AppArmorProfileType
        Capabilities
         add [string] =1 go=[]v1.Capability
         drop [string] =2 go=[]v1.Capability
        ConfigMapEnvSource
         name string =1.1
         optional bool* =2
        ConfigMapKeySelector atomic
         key string*! =2
         name string =1.1
         optional bool* =3
        Container | One process tree of a Pod, run from an image.
         args [string] =4 | Arguments; in place of those of the image.
         command [string] =3 | What is started, without a shell; in place of the image's entry point.
         env [EnvVar] =7 map(name) merge(name) | Environment variables.
         envFrom [EnvFromSource] =19 | ConfigMaps and Secrets whose keys become environment variables.
         image string =2 | The image that it runs.
         imagePullPolicy string =14 go=v1.PullPolicy | Always, Never or IfNotPresent.
         lifecycle Lifecycle =12 | What is done after the start and before the end.
         livenessProbe Probe =10 | While it fails, the container is started anew.
         name string*! =1 | Its name, unlike that of any other container of the Pod.
         ports [ContainerPort] =6 map(containerPort,protocol) merge(containerPort) | Ports that it listens on; for information, and for names that Services may use.
         readinessProbe Probe =11 | While it fails, no Service sends anything here.
         resizePolicy [ContainerResizePolicy] =23 | What a change of its resources means for it.
         resources ResourceRequirements =8 | What it needs of CPU, memory and others, and what it may use at most.
         restartPolicy string* =24 go=v1.ContainerRestartPolicy | Its own restart policy, in place of the Pod's.
         restartPolicyRules [ContainerRestartRule] =25
         securityContext SecurityContext =15 | Users, groups and rights of this container.
         startupProbe Probe =22 | Holds the other probes back until it succeeds.
         stdin bool =16 | Keep standard input open.
         stdinOnce bool =17
         terminationMessagePath string =13 | The file whose text tells why it ended.
         terminationMessagePolicy string =20 go=v1.TerminationMessagePolicy | File, or FallbackToLogsOnError.
         tty bool =18 | Give it a terminal.
         volumeDevices [VolumeDevice] =21 map(devicePath) merge(devicePath)
         volumeMounts [VolumeMount] =9 map(mountPath) merge(mountPath) | Where volumes appear in its file system.
         workingDir string =5 | Where it starts.
        ContainerExtendedResourceRequest
         containerName string*! =1
         requestName string*! =3
         resourceName string*! =2
        ContainerImage
         names [string]* =1
         sizeBytes int64 =2
        ContainerPort
         containerPort int32*! =3 | The port, in the Pod's own network.
         hostIP string =5 | The node's address that hostPort binds.
         hostPort int32 =2 | A port of the node that leads here.
         name string =1 | A name for the port, unlike any other of the Pod.
         protocol string =4 default=TCP go=v1.Protocol | TCP, UDP or SCTP.
        ContainerResizePolicy
         resourceName string*! =1 go=v1.ResourceName
         restartPolicy string*! =2 go=v1.ResourceResizeRestartPolicy
        ContainerRestartRule
         action string! =1 go=v1.ContainerRestartRuleAction
         exitCodes ContainerRestartRuleOnExitCodes =2
        ContainerRestartRuleOnExitCodes
         operator string! =1 go=v1.ContainerRestartRuleOnExitCodesOperator
         values [int32] =2 set
        ContainerState
         running ContainerStateRunning =2
         terminated ContainerStateTerminated =3
         waiting ContainerStateWaiting =1
        ContainerStateRunning
         startedAt time =1
        ContainerStateTerminated
         containerID string =7
         exitCode int32*! =1
         finishedAt time =6
         message string =4
         reason string =3
         signal int32 =2
         startedAt time =5
        ContainerStateWaiting
         message string =2
         reason string =1
        ContainerStatus
         allocatedResources {quantity} =10 go=v1.ResourceList
         allocatedResourcesStatus [ResourceStatus] =14 map(name) merge(name)
         containerID string =8
         image string*! =6
         imageID string*! =7
         lastState ContainerState =3
         name string*! =1
         ready bool*! =4
         resources ResourceRequirements =11
         restartCount int32*! =5
         started bool* =9
         state ContainerState =2
         stopSignal string* =15 go=v1.Signal
         user ContainerUser =13
         volumeMounts [VolumeMountStatus] =12 map(mountPath) merge(mountPath)
        ContainerUser
         linux LinuxContainerUser =1
        EnvFromSource
         configMapRef ConfigMapEnvSource =2
         prefix string =1
         secretRef SecretEnvSource =3
        EnvVar
         name string*! =1 | The variable.
         value string =2 | Its value, in which $(OTHER) stands for other variables.
         valueFrom EnvVarSource =3 | Where its value comes from.
        EnvVarSource
         configMapKeyRef ConfigMapKeySelector =3
         fieldRef ObjectFieldSelector =1
         fileKeyRef FileKeySelector =5
         resourceFieldRef ResourceFieldSelector =2
         secretKeyRef SecretKeySelector =4
        EphemeralContainer
         args [string] =1.4
         command [string] =1.3
         env [EnvVar] =1.7 map(name) merge(name)
         envFrom [EnvFromSource] =1.19
         image string =1.2
         imagePullPolicy string =1.14 go=v1.PullPolicy
         lifecycle Lifecycle =1.12
         livenessProbe Probe =1.10
         name string*! =1.1
         ports [ContainerPort] =1.6 map(containerPort,protocol) merge(containerPort)
         readinessProbe Probe =1.11
         resizePolicy [ContainerResizePolicy] =1.23
         resources ResourceRequirements =1.8
         restartPolicy string* =1.24 go=v1.ContainerRestartPolicy
         restartPolicyRules [ContainerRestartRule] =1.25
         securityContext SecurityContext =1.15
         startupProbe Probe =1.22
         stdin bool =1.16
         stdinOnce bool =1.17
         targetContainerName string =2
         terminationMessagePath string =1.13
         terminationMessagePolicy string =1.20 go=v1.TerminationMessagePolicy
         tty bool =1.18
         volumeDevices [VolumeDevice] =1.21 map(devicePath) merge(devicePath)
         volumeMounts [VolumeMount] =1.9 map(mountPath) merge(mountPath)
         workingDir string =1.5
        ExecAction
         command [string] =1
        FileKeySelector atomic
         key string*! =3
         optional bool* =4
         path string*! =2
         volumeName string*! =1
        GRPCAction
         port int32*! =1
         service string* =2
        HTTPGetAction
         host string =3
         httpHeaders [HTTPHeader] =5
         path string =1 | What is asked for.
         port intOrString*! =2 | The number, or the name, of a port.
         scheme string =4 go=v1.URIScheme
        HostAlias
         hostnames [string] =2
         ip string*! =1
        ImageVolumeStatus
         imageRef string! =1
        Lifecycle
         postStart LifecycleHandler =1
         preStop LifecycleHandler =2
         stopSignal string* =3 go=v1.Signal
        LifecycleHandler
         exec ExecAction =1
         httpGet HTTPGetAction =2
         sleep SleepAction =4
         tcpSocket TCPSocketAction =3
        NodeAffinity
         preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] =2
         requiredDuringSchedulingIgnoredDuringExecution NodeSelector =1
        NodeAllocatableResourceClaimStatus
         containers [string] =2 set
         resourceClaimName string*! =1
         resources {quantity}*! =3 go=map[v1.ResourceName]resource.Quantity
        NodeRuntimeHandler
         features NodeRuntimeHandlerFeatures =2
         name string* =1
        NodeRuntimeHandlerFeatures
         recursiveReadOnlyMounts bool* =1
         userNamespaces bool* =2
        Pod kind list | Containers that run together on one node and share its network address and volumes.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec PodSpec =2 | What is to run, and how.
         status PodStatus =3 | What was last seen of it.
        PodAffinity
         preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] =2
         requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] =1
        PodAffinityTerm
         labelSelector meta.LabelSelector =1
         matchLabelKeys [string] =5
         mismatchLabelKeys [string] =6
         namespaceSelector meta.LabelSelector =4
         namespaces [string] =2
         topologyKey string*! =3
        PodAntiAffinity
         preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] =2
         requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] =1
        PodCondition
         lastProbeTime time =3
         lastTransitionTime time =4
         message string =6
         observedGeneration int64 =7
         reason string =5
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.PodConditionType
        PodDNSConfig
         nameservers [string] =1
         options [PodDNSConfigOption] =3
         searches [string] =2
        PodDNSConfigOption
         name string =1
         value string* =2
        PodExtendedResourceClaimStatus
         requestMappings [ContainerExtendedResourceRequest]*! =1
         resourceClaimName string*! =2
        PodIP
         ip string*! =1
        PodOS
         name string*! =1 go=v1.OSName
        PodReadinessGate
         conditionType string*! =1 go=v1.PodConditionType
        PodResourceClaim
         name string*! =1
         resourceClaimName string* =3
         resourceClaimTemplateName string* =4
        PodResourceClaimStatus
         name string*! =1
         resourceClaimName string* =2
        PodSchedulingGate
         name string*! =1
        PodSchedulingGroup
         podGroupName string* =1
        PodSecurityContext
         appArmorProfile AppArmorProfile =11
         fsGroup int64* =5 | The group that volumes belong to.
         fsGroupChangePolicy string* =9 go=v1.PodFSGroupChangePolicy
         runAsGroup int64* =6 | The group that processes start with.
         runAsNonRoot bool* =3 | Refuse to start as root.
         runAsUser int64* =2 | The user that processes start with.
         seLinuxChangePolicy string* =13 go=v1.PodSELinuxChangePolicy
         seLinuxOptions SELinuxOptions =1
         seccompProfile SeccompProfile =10
         supplementalGroups [int64] =4
         supplementalGroupsPolicy string* =12 go=v1.SupplementalGroupsPolicy
         sysctls [Sysctl] =7 | Kernel parameters of the Pod.
         windowsOptions WindowsSecurityContextOptions =8
        PodSpec | What a Pod runs, where it may run, and what it needs.
         activeDeadlineSeconds int64* =5 | The Pod fails once it has been on its node for so long.
         affinity Affinity =18 | Which nodes, and which company, the Pod wants.
         automountServiceAccountToken bool* =21 | Whether containers get a token of the service account.
         containers [Container]*! =2 map(name) merge(name) | The containers. A Pod has one at least; the list cannot change later.
         dnsConfig PodDNSConfig =26 | Settings for names, added to what dnsPolicy gives.
         dnsPolicy string =6 go=v1.DNSPolicy | Where names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.
         enableServiceLinks bool* =30 | Whether Services of the namespace appear as environment variables.
         ephemeralContainers [EphemeralContainer] =34 map(name) merge(name) | Containers added to a running Pod to look into it.
         hostAliases [HostAlias] =23 map(ip) merge(ip) | Lines for the Pod's hosts file.
         hostIPC bool =13 | Share the node's IPC namespace.
         hostNetwork bool =11 | Use the node's network in place of one of its own.
         hostPID bool =12 | Share the node's process ids.
         hostUsers bool* =37
         hostname string =16 | The host name inside of the Pod; its own name where empty.
         hostnameOverride string* =41
         imagePullSecrets [LocalObjectReference] =15 map(name) merge(name) | Secrets of the namespace with which images are pulled.
         initContainers [Container] =20 map(name) merge(name) | Containers that run first, one after the other, each to its end.
         nodeName string =10 | The node that it runs on; set by the scheduler.
         nodeSelector {string} =7 atomic | Labels that the node must have.
         os PodOS =36 | The operating system that the Pod needs.
         overhead {quantity} =32 go=v1.ResourceList | What running the Pod takes beside its containers.
         preemptionPolicy string* =31 go=v1.PreemptionPolicy | PreemptLowerPriority or Never.
         priority int32* =25 | Higher numbers are placed first; follows from priorityClassName.
         priorityClassName string =24 | The class that says how important the Pod is.
         readinessGates [PodReadinessGate] =28 | Conditions that must be true, too, before the Pod is ready.
         resourceClaims [PodResourceClaim] =39 map(name) merge(name) retainKeys
         resources ResourceRequirements =40 | Limits and requests of the Pod as a whole.
         restartPolicy string =3 go=v1.RestartPolicy | Always, OnFailure or Never.
         runtimeClassName string* =29 | The runtime that is to run the Pod.
         schedulerName string =19 | The scheduler that places the Pod.
         schedulingGates [PodSchedulingGate] =38 map(name) merge(name) | While there is one, the Pod is not placed.
         schedulingGroup PodSchedulingGroup =43
         securityContext PodSecurityContext =14 | Users, groups and rights for all containers.
         serviceAccount string =9 | The old name of serviceAccountName.
         serviceAccountName string =8 | The account that the containers act as.
         setHostnameAsFQDN bool* =35 | The host name is the full name.
         shareProcessNamespace bool* =27 | The containers see one another's processes.
         subdomain string =17 | Makes the Pod's full name host.subdomain.namespace.svc.domain.
         terminationGracePeriodSeconds int64* =4 | How long the containers have to end by themselves; 30 where nothing is said.
         tolerations [Toleration] =22 | Taints that the Pod bears.
         topologySpreadConstraints [TopologySpreadConstraint] =33 map(topologyKey,whenUnsatisfiable) merge(topologyKey) | How Pods of one kind are spread over zones and nodes.
         volumes [Volume] =1 map(name) merge(name) retainKeys | Storage that containers may mount.
        PodStatus
         allocatedResources {quantity} =19 go=v1.ResourceList
         conditions [PodCondition] =2 map(type) merge(type) | PodScheduled, Initialized, ContainersReady, Ready and others.
         containerStatuses [ContainerStatus] =8 | What each container does.
         ephemeralContainerStatuses [ContainerStatus] =13
         extendedResourceClaimStatus PodExtendedResourceClaimStatus =18
         hostIP string =5 | The node's address.
         hostIPs [HostIP] =16 merge(ip) | All addresses of the node.
         initContainerStatuses [ContainerStatus] =10 | What each init container does.
         message string =3 | For people: why the Pod is as it is.
         nodeAllocatableResourceClaimStatuses [NodeAllocatableResourceClaimStatus] =21
         nominatedNodeName string =11 | The node on which room is being made for the Pod.
         observedGeneration int64 =17
         phase string =1 go=v1.PodPhase | Pending, Running, Succeeded, Failed or Unknown.
         podIP string =6 | The Pod's address.
         podIPs [PodIP] =12 map(ip) merge(ip) | The Pod's addresses, one of each family at most.
         qosClass string =9 go=v1.PodQOSClass | Guaranteed, Burstable or BestEffort; follows from limits and requests.
         reason string =4 | One word for why the Pod is as it is.
         resize string =14 go=v1.PodResizeStatus
         resourceClaimStatuses [PodResourceClaimStatus] =15 map(name) merge(name) retainKeys
         resources ResourceRequirements =20
         startTime time* =7 | When the node took the Pod on.
        PodTemplateSpec
         metadata meta.ObjectMeta =1 | Labels and annotations of the Pods.
         spec PodSpec =2 | What the Pods run.
        Probe | A check that is repeated.
         exec ExecAction =1.1 | A command that must end with 0.
         failureThreshold int32 =6 | How often in a row it must fail to count as failed.
         grpc GRPCAction =1.4 | A gRPC health service.
         httpGet HTTPGetAction =1.2 | A path that must answer with 200 to 399.
         initialDelaySeconds int32 =2 | How long after the start the first check is made.
         periodSeconds int32 =4 | How often it is checked.
         successThreshold int32 =5 | How often in a row it must succeed to count as well again.
         tcpSocket TCPSocketAction =1.3 | A port that must accept connections.
         terminationGracePeriodSeconds int64* =7 | In place of the Pod's, where the container is ended for this probe.
         timeoutSeconds int32 =3 | How long an answer may take.
        ResourceClaim
         name string*! =1
         request string =2
        ResourceFieldSelector atomic
         containerName string =1
         divisor quantity =3
         resource string*! =2
        ResourceHealth
         health string =2 go=v1.ResourceHealthStatus
         message string* =6
         resourceID string*! =1 go=v1.ResourceID
        ResourceRequirements | What a container needs and may use.
         claims [ResourceClaim] =3 map(name) | Devices and others that the Pod claims.
         limits {quantity} =1 go=v1.ResourceList | What it may use at most.
         requests {quantity} =2 go=v1.ResourceList | What it is sure to get.
        ResourceStatus
         name string*! =1 go=v1.ResourceName
         resources [ResourceHealth] =2 map(resourceID)
        SELinuxOptions
         level string =4
         role string =2
         type string =3
         user string =1
        SeccompProfile
         localhostProfile string* =2
         type string*! =1 go=v1.SeccompProfileType
        SecretEnvSource
         name string =1.1
         optional bool* =2
        SecretKeySelector atomic
         key string*! =2
         name string =1.1
         optional bool* =3
        SecurityContext
         allowPrivilegeEscalation bool* =7 | Whether a process may gain more rights than its parent has.
         appArmorProfile AppArmorProfile =12
         capabilities Capabilities =1 | Linux capabilities to add and to drop.
         privileged bool* =2 | Give it all rights of the node.
         procMount string* =9 go=v1.ProcMountType
         readOnlyRootFilesystem bool* =6 | Its own file system cannot be written.
         runAsGroup int64* =8
         runAsNonRoot bool* =5 | Refuse to start as root.
         runAsUser int64* =4 | The user that its processes start with.
         seLinuxOptions SELinuxOptions =3
         seccompProfile SeccompProfile =11
         windowsOptions WindowsSecurityContextOptions =10
        SessionAffinityConfig
         clientIP ClientIPConfig =1
        SleepAction
         seconds int64*! =1
        Sysctl
         name string*! =1
         value string*! =2
        TCPSocketAction
         host string =2
         port intOrString*! =1
        Toleration
         effect string =4 go=v1.TaintEffect | The effect that is borne; all where empty.
         key string =1 | The taint that is borne; all where empty.
         operator string =2 go=v1.TolerationOperator | Exists, or Equal.
         tolerationSeconds int64* =5 | How long a taint that evicts is borne.
         value string =3 | What the taint's value must be.
        TopologySpreadConstraint
         labelSelector meta.LabelSelector =4
         matchLabelKeys [string] =8
         maxSkew int32*! =1
         minDomains int32* =5
         nodeAffinityPolicy string* =6 go=v1.NodeInclusionPolicy
         nodeTaintsPolicy string* =7 go=v1.NodeInclusionPolicy
         topologyKey string*! =2
         whenUnsatisfiable string*! =3 go=v1.UnsatisfiableConstraintAction
        VolumeDevice
         devicePath string*! =2
         name string*! =1
        VolumeMount
         mountPath string*! =3 | Where the volume appears.
         mountPropagation string* =5 go=v1.MountPropagationMode
         name string*! =1 | The volume of the Pod.
         readOnly bool =2 | Nothing may be written.
         recursiveReadOnly string* =7 go=v1.RecursiveReadOnlyMode
         subPath string =4 | A folder of the volume in place of its root.
         subPathExpr string =6
        VolumeMountStatus
         mountPath string*! =2
         name string*! =1
         readOnly bool =3
         recursiveReadOnly string* =4 go=v1.RecursiveReadOnlyMode
         volumeStatus VolumeStatus =5
        WeightedPodAffinityTerm
         podAffinityTerm PodAffinityTerm! =2
         weight int32*! =1
        WindowsSecurityContextOptions
         gmsaCredentialSpec string* =2
         gmsaCredentialSpecName string* =1
         hostProcess bool* =4
         runAsUserName string* =3
        """)
}

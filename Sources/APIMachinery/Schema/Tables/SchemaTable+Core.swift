extension SchemaTable {
    /// core/v1: the other kinds.
    static let core = SchemaTable(
        .core,
        """
        AttachedVolume
         devicePath string*!
         name string*! go=v1.UniqueVolumeName
        Binding kind | Puts a Pod on a node.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         target ObjectReference! | The node.
        ClientIPConfig
         timeoutSeconds int32*
        ConfigMap kind list | Texts for Pods, by key.
         binaryData {bytes} | Bytes by key, as base64.
         data {string} | Texts by key.
         immutable bool* | Nothing of it may change any more.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
        ConfigMapNodeConfigSource
         kubeletConfigKey string*!
         name string*!
         namespace string*!
         resourceVersion string
         uid string go=types.UID
        DaemonEndpoint
         Port int32*!
        EndpointAddress atomic
         hostname string
         ip string*!
         nodeName string*
         targetRef ObjectReference
        EndpointPort atomic
         appProtocol string*
         name string
         port int32*!
         protocol string go=v1.Protocol
        EndpointSubset
         addresses [EndpointAddress]
         notReadyAddresses [EndpointAddress]
         ports [EndpointPort]
        Endpoints kind list | Addresses behind a Service, in the old form; EndpointSlice takes its place.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         subsets [EndpointSubset] | Addresses with the ports that they have.
        Event kind list | Something that happened to an object.
         action string | What was done.
         count int32 | How often it happened.
         eventTime microTime | When it was noticed.
         firstTimestamp time | When it happened first.
         involvedObject ObjectReference! | What it happened to.
         lastTimestamp time | When it happened last.
         message string | For people.
         metadata meta.ObjectMeta! | Name, namespace, labels and annotations.
         reason string | One word for what happened.
         related ObjectReference | Another object that has to do with it.
         reportingComponent string* | Who noticed it.
         reportingInstance string* | Which of several that was.
         series EventSeries | How often it has happened since.
         source EventSource | Who noticed it.
         type string | Normal or Warning.
        EventSeries
         count int32
         lastObservedTime microTime
        EventSource
         component string
         host string
        HTTPHeader
         name string*!
         value string*!
        HostIP
         ip string*!
        LinuxContainerUser
         gid int64*!
         supplementalGroups [int64]
         uid int64*!
        LoadBalancerIngress
         hostname string
         ip string
         ipMode string* go=v1.LoadBalancerIPMode
         ports [PortStatus]
        LoadBalancerStatus
         ingress [LoadBalancerIngress]
        LocalObjectReference atomic
         name string
        Namespace kind list | A scope for names: objects of different namespaces may share a name.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec NamespaceSpec | What is wanted of the namespace.
         status NamespaceStatus | How far the namespace has come.
        NamespaceCondition
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.NamespaceConditionType
        NamespaceSpec
         finalizers [string] go=[]v1.FinalizerName | What must be done before the namespace may vanish.
        NamespaceStatus
         conditions [NamespaceCondition] map(type) merge(type) | What holds up the deletion.
         phase string go=v1.NamespacePhase | Active, or Terminating once it is being deleted.
        Node kind list | A machine that runs Pods.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec NodeSpec | What is wanted of the node.
         status NodeStatus | What the node's agent says of it.
        NodeAddress
         address string*! | The address itself.
         type string*! go=v1.NodeAddressType | Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
        NodeCondition
         lastHeartbeatTime time
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus | True, False or Unknown.
         type string*! go=v1.NodeConditionType | Ready, MemoryPressure, DiskPressure, PIDPressure or NetworkUnavailable.
        NodeConfigSource
         configMap ConfigMapNodeConfigSource
        NodeConfigStatus
         active NodeConfigSource
         assigned NodeConfigSource
         error string
         lastKnownGood NodeConfigSource
        NodeDaemonEndpoints
         kubeletEndpoint DaemonEndpoint
        NodeFeatures
         supplementalGroupsPolicy bool*
        NodeSelector atomic
         nodeSelectorTerms [NodeSelectorTerm]*!
        NodeSelectorRequirement
         key string*!
         operator string*! go=v1.NodeSelectorOperator
         values [string]
        NodeSelectorTerm atomic
         matchExpressions [NodeSelectorRequirement]
         matchFields [NodeSelectorRequirement]
        NodeSpec
         configSource NodeConfigSource
         externalID string
         podCIDR string | The block that the node's Pods get addresses from.
         podCIDRs [string] set merge | The blocks for Pods, one of each address family at most.
         providerID string | The machine as the cloud names it.
         taints [Taint] | What keeps Pods away that do not tolerate it.
         unschedulable bool | No new Pods are placed here.
        NodeStatus
         addresses [NodeAddress] map(type) merge(type) | Where the node is reached.
         allocatable {quantity} go=v1.ResourceList | What of its resources Pods may use.
         capacity {quantity} go=v1.ResourceList | All resources that the machine has.
         conditions [NodeCondition] map(type) merge(type) | Whether the node is ready, and what it lacks.
         config NodeConfigStatus
         daemonEndpoints NodeDaemonEndpoints
         declaredFeatures [string]
         features NodeFeatures
         images [ContainerImage] | Container images that the node has already.
         nodeInfo NodeSystemInfo | Versions and identities of the system.
         phase string go=v1.NodePhase
         runtimeHandlers [NodeRuntimeHandler]
         volumesAttached [AttachedVolume]
         volumesInUse [string] go=[]v1.UniqueVolumeName
        NodeSwapStatus
         capacity int64*
        NodeSystemInfo
         architecture string*!
         bootID string*!
         containerRuntimeVersion string*!
         kernelVersion string*!
         kubeProxyVersion string*!
         kubeletVersion string*!
         machineID string*!
         operatingSystem string*!
         osImage string*!
         swap NodeSwapStatus
         systemUUID string*!
        ObjectFieldSelector atomic
         apiVersion string
         fieldPath string*!
        ObjectReference atomic | Names another object.
         apiVersion string
         fieldPath string
         kind string | Its kind.
         name string | Its name.
         namespace string | Its namespace.
         resourceVersion string
         uid string go=types.UID | Its uid.
        PortStatus
         error string*
         port int32*!
         protocol string*! go=v1.Protocol
        PreferredSchedulingTerm
         preference NodeSelectorTerm!
         weight int32*!
        Secret kind list | Bytes by key that not everybody may see.
         data {bytes} | Bytes by key, as base64.
         immutable bool* | Nothing of it may change any more.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         stringData {string} | Texts to put into data; written only.
         type string go=v1.SecretType | What the keys are for: Opaque, kubernetes.io/tls, …
        Service kind list | A steady name and address for a set of Pods, with the ports that lead to them.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec ServiceSpec | Which Pods, and how they are reached.
         status ServiceStatus | What a load balancer says.
        ServiceAccount kind list | Whom the processes of Pods act as.
         automountServiceAccountToken bool* | Whether its Pods get a token.
         imagePullSecrets [LocalObjectReference] | Secrets with which its Pods pull images.
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         secrets [ObjectReference] map(name) merge(name) | Secrets that its Pods may use.
        ServicePort
         appProtocol string* | What is spoken above the transport.
         name string | Its name; needed where there are several.
         nodePort int32 | The port on every node.
         port int32*! | The port at the Service's address.
         protocol string default=TCP go=v1.Protocol | TCP, UDP or SCTP.
         targetPort intOrString | The port of the Pods, by number or by name; as port where nothing is said.
        ServiceSpec | Which Pods a Service stands for, and how they are reached.
         allocateLoadBalancerNodePorts bool* | Whether a load balancer needs node ports.
         clusterIP string | The address inside of the cluster; None for a Service without one.
         clusterIPs [string] | The addresses inside of the cluster, one of each family at most.
         externalIPs [string] | Further addresses that nodes accept for it.
         externalName string | The name that an ExternalName Service stands for.
         externalTrafficPolicy string go=v1.ServiceExternalTrafficPolicy | Cluster, or Local: Pods of the node alone, with the client's address kept.
         healthCheckNodePort int32 | Where nodes say whether they have Pods of it; for Local alone.
         internalTrafficPolicy string* go=v1.ServiceInternalTrafficPolicy | Cluster, or Local for Pods of the client's node alone.
         ipFamilies [string] go=[]v1.IPFamily | IPv4, IPv6 or both, in the order of its addresses.
         ipFamilyPolicy string* go=v1.IPFamilyPolicy | SingleStack, PreferDualStack or RequireDualStack.
         loadBalancerClass string* | Who is to make the load balancer.
         loadBalancerIP string | The load balancer's address, where it may be chosen.
         loadBalancerSourceRanges [string] | Who may use the load balancer.
         ports [ServicePort] map(port,protocol) merge(port) | The ports that it has.
         publishNotReadyAddresses bool | Send to Pods that are not ready, too.
         selector {string} atomic | Labels of the Pods; without it, endpoints are made by hand.
         sessionAffinity string go=v1.ServiceAffinity | None, or ClientIP: a client keeps its Pod.
         sessionAffinityConfig SessionAffinityConfig | How long a client keeps its Pod.
         trafficDistribution string* | Which Pods are preferred: PreferSameZone or PreferSameNode.
         type string go=v1.ServiceType | ClusterIP, NodePort, LoadBalancer or ExternalName.
        ServiceStatus
         conditions [meta.Condition] map(type) merge(type) | What is known of the Service's state.
         loadBalancer LoadBalancerStatus | The load balancer's addresses.
        Taint | Keeps Pods off a node unless they tolerate it.
         effect string*! go=v1.TaintEffect | NoSchedule, PreferNoSchedule or NoExecute.
         key string*! | The name of the taint.
         timeAdded time*
         value string | What the taint says beside its name.
        VolumeStatus
         image ImageVolumeStatus
        """)
}

extension SchemaTable {
    /// core/v1: the other kinds.
    static let core = SchemaTable(
        .core,
        """
        AttachedVolume
         devicePath string*! =2
         name string*! =1 go=v1.UniqueVolumeName
        Binding kind | Puts a Pod on a node.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         target ObjectReference! =2 | The node.
        ClientIPConfig
         timeoutSeconds int32* =1
        ConfigMap kind list | Texts for Pods, by key.
         binaryData {bytes} =3 | Bytes by key, as base64.
         data {string} =2 | Texts by key.
         immutable bool* =4 | Nothing of it may change any more.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
        ConfigMapNodeConfigSource
         kubeletConfigKey string*! =5
         name string*! =2
         namespace string*! =1
         resourceVersion string =4
         uid string =3 go=types.UID
        DaemonEndpoint
         Port int32*! =1
        EndpointAddress atomic
         hostname string =3
         ip string*! =1
         nodeName string* =4
         targetRef ObjectReference =2
        EndpointPort atomic
         appProtocol string* =4
         name string =1
         port int32*! =2
         protocol string =3 go=v1.Protocol
        EndpointSubset
         addresses [EndpointAddress] =1
         notReadyAddresses [EndpointAddress] =2
         ports [EndpointPort] =3
        Endpoints kind list | Addresses behind a Service, in the old form; EndpointSlice takes its place.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         subsets [EndpointSubset] =2 | Addresses with the ports that they have.
        Event kind list | Something that happened to an object.
         action string =12 | What was done.
         count int32 =8 | How often it happened.
         eventTime microTime =10 | When it was noticed.
         firstTimestamp time =6 | When it happened first.
         involvedObject ObjectReference! =2 | What it happened to.
         lastTimestamp time =7 | When it happened last.
         message string =4 | For people.
         metadata meta.ObjectMeta! =1 | Name, namespace, labels and annotations.
         reason string =3 | One word for what happened.
         related ObjectReference =13 | Another object that has to do with it.
         reportingComponent string* =14 | Who noticed it.
         reportingInstance string* =15 | Which of several that was.
         series EventSeries =11 | How often it has happened since.
         source EventSource =5 | Who noticed it.
         type string =9 | Normal or Warning.
        EventSeries
         count int32 =1
         lastObservedTime microTime =2
        EventSource
         component string =1
         host string =2
        HTTPHeader
         name string*! =1
         value string*! =2
        HostIP
         ip string*! =1
        LinuxContainerUser
         gid int64*! =2
         supplementalGroups [int64] =3
         uid int64*! =1
        LoadBalancerIngress
         hostname string =2
         ip string =1
         ipMode string* =3 go=v1.LoadBalancerIPMode
         ports [PortStatus] =4
        LoadBalancerStatus
         ingress [LoadBalancerIngress] =1
        LocalObjectReference atomic
         name string =1
        Namespace kind list | A scope for names: objects of different namespaces may share a name.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec NamespaceSpec =2 | What is wanted of the namespace.
         status NamespaceStatus =3 | How far the namespace has come.
        NamespaceCondition
         lastTransitionTime time =4
         message string =6
         reason string =5
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.NamespaceConditionType
        NamespaceSpec
         finalizers [string] =1 go=[]v1.FinalizerName | What must be done before the namespace may vanish.
        NamespaceStatus
         conditions [NamespaceCondition] =2 map(type) merge(type) | What holds up the deletion.
         phase string =1 go=v1.NamespacePhase | Active, or Terminating once it is being deleted.
        Node kind list | A machine that runs Pods.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec NodeSpec =2 | What is wanted of the node.
         status NodeStatus =3 | What the node's agent says of it.
        NodeAddress
         address string*! =2 | The address itself.
         type string*! =1 go=v1.NodeAddressType | Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
        NodeCondition
         lastHeartbeatTime time =3
         lastTransitionTime time =4
         message string =6
         reason string =5
         status string*! =2 go=v1.ConditionStatus | True, False or Unknown.
         type string*! =1 go=v1.NodeConditionType | Ready, MemoryPressure, DiskPressure, PIDPressure or NetworkUnavailable.
        NodeConfigSource
         configMap ConfigMapNodeConfigSource =2
        NodeConfigStatus
         active NodeConfigSource =2
         assigned NodeConfigSource =1
         error string =4
         lastKnownGood NodeConfigSource =3
        NodeDaemonEndpoints
         kubeletEndpoint DaemonEndpoint =1
        NodeFeatures
         supplementalGroupsPolicy bool* =1
        NodeSelector atomic
         nodeSelectorTerms [NodeSelectorTerm]*! =1
        NodeSelectorRequirement
         key string*! =1
         operator string*! =2 go=v1.NodeSelectorOperator
         values [string] =3
        NodeSelectorTerm atomic
         matchExpressions [NodeSelectorRequirement] =1
         matchFields [NodeSelectorRequirement] =2
        NodeSpec
         configSource NodeConfigSource =6
         externalID string =2
         podCIDR string =1 | The block that the node's Pods get addresses from.
         podCIDRs [string] =7 set merge | The blocks for Pods, one of each address family at most.
         providerID string =3 | The machine as the cloud names it.
         taints [Taint] =5 | What keeps Pods away that do not tolerate it.
         unschedulable bool =4 | No new Pods are placed here.
        NodeStatus
         addresses [NodeAddress] =5 map(type) merge(type) | Where the node is reached.
         allocatable {quantity} =2 go=v1.ResourceList | What of its resources Pods may use.
         capacity {quantity} =1 go=v1.ResourceList | All resources that the machine has.
         conditions [NodeCondition] =4 map(type) merge(type) | Whether the node is ready, and what it lacks.
         config NodeConfigStatus =11
         daemonEndpoints NodeDaemonEndpoints =6
         declaredFeatures [string] =14
         features NodeFeatures =13
         images [ContainerImage] =8 | Container images that the node has already.
         nodeInfo NodeSystemInfo =7 | Versions and identities of the system.
         phase string =3 go=v1.NodePhase
         runtimeHandlers [NodeRuntimeHandler] =12
         volumesAttached [AttachedVolume] =10
         volumesInUse [string] =9 go=[]v1.UniqueVolumeName
        NodeSwapStatus
         capacity int64* =1
        NodeSystemInfo
         architecture string*! =10
         bootID string*! =3
         containerRuntimeVersion string*! =6
         kernelVersion string*! =4
         kubeProxyVersion string*! =8
         kubeletVersion string*! =7
         machineID string*! =1
         operatingSystem string*! =9
         osImage string*! =5
         swap NodeSwapStatus =11
         systemUUID string*! =2
        ObjectFieldSelector atomic
         apiVersion string =1
         fieldPath string*! =2
        ObjectReference atomic | Names another object.
         apiVersion string =5
         fieldPath string =7
         kind string =1 | Its kind.
         name string =3 | Its name.
         namespace string =2 | Its namespace.
         resourceVersion string =6
         uid string =4 go=types.UID | Its uid.
        PortStatus
         error string* =3
         port int32*! =1
         protocol string*! =2 go=v1.Protocol
        PreferredSchedulingTerm
         preference NodeSelectorTerm! =2
         weight int32*! =1
        Secret kind list | Bytes by key that not everybody may see.
         data {bytes} =2 | Bytes by key, as base64.
         immutable bool* =5 | Nothing of it may change any more.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         stringData {string} =4 | Texts to put into data; written only.
         type string =3 go=v1.SecretType | What the keys are for: Opaque, kubernetes.io/tls, …
        Service kind list | A steady name and address for a set of Pods, with the ports that lead to them.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec ServiceSpec =2 | Which Pods, and how they are reached.
         status ServiceStatus =3 | What a load balancer says.
        ServiceAccount kind list | Whom the processes of Pods act as.
         automountServiceAccountToken bool* =4 | Whether its Pods get a token.
         imagePullSecrets [LocalObjectReference] =3 | Secrets with which its Pods pull images.
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         secrets [ObjectReference] =2 map(name) merge(name) | Secrets that its Pods may use.
        ServicePort
         appProtocol string* =6 | What is spoken above the transport.
         name string =1 | Its name; needed where there are several.
         nodePort int32 =5 | The port on every node.
         port int32*! =3 | The port at the Service's address.
         protocol string =2 default=TCP go=v1.Protocol | TCP, UDP or SCTP.
         targetPort intOrString =4 | The port of the Pods, by number or by name; as port where nothing is said.
        ServiceSpec | Which Pods a Service stands for, and how they are reached.
         allocateLoadBalancerNodePorts bool* =20 | Whether a load balancer needs node ports.
         clusterIP string =3 | The address inside of the cluster; None for a Service without one.
         clusterIPs [string] =18 | The addresses inside of the cluster, one of each family at most.
         externalIPs [string] =5 | Further addresses that nodes accept for it.
         externalName string =10 | The name that an ExternalName Service stands for.
         externalTrafficPolicy string =11 go=v1.ServiceExternalTrafficPolicy | Cluster, or Local: Pods of the node alone, with the client's address kept.
         healthCheckNodePort int32 =12 | Where nodes say whether they have Pods of it; for Local alone.
         internalTrafficPolicy string* =22 go=v1.ServiceInternalTrafficPolicy | Cluster, or Local for Pods of the client's node alone.
         ipFamilies [string] =19 go=[]v1.IPFamily | IPv4, IPv6 or both, in the order of its addresses.
         ipFamilyPolicy string* =17 go=v1.IPFamilyPolicy | SingleStack, PreferDualStack or RequireDualStack.
         loadBalancerClass string* =21 | Who is to make the load balancer.
         loadBalancerIP string =8 | The load balancer's address, where it may be chosen.
         loadBalancerSourceRanges [string] =9 | Who may use the load balancer.
         ports [ServicePort] =1 map(port,protocol) merge(port) | The ports that it has.
         publishNotReadyAddresses bool =13 | Send to Pods that are not ready, too.
         selector {string} =2 atomic | Labels of the Pods; without it, endpoints are made by hand.
         sessionAffinity string =7 go=v1.ServiceAffinity | None, or ClientIP: a client keeps its Pod.
         sessionAffinityConfig SessionAffinityConfig =14 | How long a client keeps its Pod.
         trafficDistribution string* =23 | Which Pods are preferred: PreferSameZone or PreferSameNode.
         type string =4 go=v1.ServiceType | ClusterIP, NodePort, LoadBalancer or ExternalName.
        ServiceStatus
         conditions [meta.Condition] =2 map(type) merge(type) | What is known of the Service's state.
         loadBalancer LoadBalancerStatus =1 | The load balancer's addresses.
        Taint | Keeps Pods off a node unless they tolerate it.
         effect string*! =3 go=v1.TaintEffect | NoSchedule, PreferNoSchedule or NoExecute.
         key string*! =1 | The name of the taint.
         timeAdded time* =4
         value string =2 | What the taint says beside its name.
        VolumeStatus
         image ImageVolumeStatus =1
        """)
}

extension SchemaTable {
    /// core/v1: volumes of Pods.
    static let volume = SchemaTable(
        .core,
        """
        AWSElasticBlockStoreVolumeSource
         fsType string
         partition int32
         readOnly bool
         volumeID string*!
        AzureDiskVolumeSource
         cachingMode string* default=ReadWrite go=v1.AzureDataDiskCachingMode
         diskName string*!
         diskURI string*!
         fsType string* default=ext4
         kind string* default=Shared go=v1.AzureDataDiskKind
         readOnly bool*
        AzureFileVolumeSource
         readOnly bool
         secretName string*!
         shareName string*!
        CSIVolumeSource
         driver string*!
         fsType string*
         nodePublishSecretRef LocalObjectReference
         readOnly bool*
         volumeAttributes {string}
        CephFSVolumeSource
         monitors [string]*!
         path string
         readOnly bool
         secretFile string
         secretRef LocalObjectReference
         user string
        CinderVolumeSource
         fsType string
         readOnly bool
         secretRef LocalObjectReference
         volumeID string*!
        ClusterTrustBundleProjection
         labelSelector meta.LabelSelector
         name string*
         optional bool*
         path string*!
         signerName string*
        ConfigMapProjection
         items [KeyToPath]
         name string
         optional bool*
        ConfigMapVolumeSource
         defaultMode int32*
         items [KeyToPath]
         name string
         optional bool*
        DownwardAPIProjection
         items [DownwardAPIVolumeFile]
        DownwardAPIVolumeFile
         fieldRef ObjectFieldSelector
         mode int32*
         path string*!
         resourceFieldRef ResourceFieldSelector
        DownwardAPIVolumeSource
         defaultMode int32*
         items [DownwardAPIVolumeFile]
        EmptyDirVolumeSource
         medium string go=v1.StorageMedium
         sizeLimit quantity*
        EphemeralVolumeSource
         volumeClaimTemplate PersistentVolumeClaimTemplate
        FCVolumeSource
         fsType string
         lun int32*
         readOnly bool
         targetWWNs [string]
         wwids [string]
        FlexVolumeSource
         driver string*!
         fsType string
         options {string}
         readOnly bool
         secretRef LocalObjectReference
        FlockerVolumeSource
         datasetName string
         datasetUUID string
        GCEPersistentDiskVolumeSource
         fsType string
         partition int32
         pdName string*!
         readOnly bool
        GitRepoVolumeSource
         directory string
         repository string*!
         revision string
        GlusterfsVolumeSource
         endpoints string*!
         path string*!
         readOnly bool
        HostPathVolumeSource
         path string*!
         type string* go=v1.HostPathType
        ISCSIVolumeSource
         chapAuthDiscovery bool
         chapAuthSession bool
         fsType string
         initiatorName string*
         iqn string*!
         iscsiInterface string default=default
         lun int32*!
         portals [string]
         readOnly bool
         secretRef LocalObjectReference
         targetPortal string*!
        ImageVolumeSource
         pullPolicy string go=v1.PullPolicy
         reference string
        KeyToPath
         key string*!
         mode int32*
         path string*!
        ModifyVolumeStatus
         status string*! go=v1.PersistentVolumeClaimModifyVolumeStatus
         targetVolumeAttributesClassName string
        NFSVolumeSource
         path string*!
         readOnly bool
         server string*!
        PersistentVolumeClaim typed
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec PersistentVolumeClaimSpec
         status PersistentVolumeClaimStatus
        PersistentVolumeClaimCondition
         lastProbeTime time
         lastTransitionTime time
         message string
         reason string
         status string*! go=v1.ConditionStatus
         type string*! go=v1.PersistentVolumeClaimConditionType
        PersistentVolumeClaimSpec
         accessModes [string] go=[]v1.PersistentVolumeAccessMode
         dataSource TypedLocalObjectReference
         dataSourceRef TypedObjectReference
         resources VolumeResourceRequirements
         selector meta.LabelSelector
         storageClassName string*
         volumeAttributesClassName string*
         volumeMode string* go=v1.PersistentVolumeMode
         volumeName string
        PersistentVolumeClaimStatus
         accessModes [string] go=[]v1.PersistentVolumeAccessMode
         allocatedResourceStatuses {string} go=map[v1.ResourceName]v1.ClaimResourceStatus
         allocatedResources {quantity} go=v1.ResourceList
         capacity {quantity} go=v1.ResourceList
         conditions [PersistentVolumeClaimCondition] map(type) merge(type)
         currentVolumeAttributesClassName string*
         modifyVolumeStatus ModifyVolumeStatus
         phase string go=v1.PersistentVolumeClaimPhase
        PersistentVolumeClaimTemplate
         metadata meta.ObjectMeta | Name, namespace, labels and annotations.
         spec PersistentVolumeClaimSpec!
        PersistentVolumeClaimVolumeSource
         claimName string*!
         readOnly bool
        PhotonPersistentDiskVolumeSource
         fsType string
         pdID string*!
        PodCertificateProjection
         certificateChainPath string
         credentialBundlePath string
         keyPath string
         keyType string!
         maxExpirationSeconds int32*
         signerName string!
         userAnnotations {string}
        PortworxVolumeSource
         fsType string
         readOnly bool
         volumeID string*!
        ProjectedVolumeSource
         defaultMode int32*
         sources [VolumeProjection]*
        QuobyteVolumeSource
         group string
         readOnly bool
         registry string*!
         tenant string
         user string
         volume string*!
        RBDVolumeSource
         fsType string
         image string*!
         keyring string default=/etc/ceph/keyring
         monitors [string]*!
         pool string default=rbd
         readOnly bool
         secretRef LocalObjectReference
         user string default=admin
        ScaleIOVolumeSource
         fsType string default=xfs
         gateway string*!
         protectionDomain string
         readOnly bool
         secretRef LocalObjectReference!
         sslEnabled bool
         storageMode string default=ThinProvisioned
         storagePool string
         system string*!
         volumeName string
        SecretProjection
         items [KeyToPath]
         name string
         optional bool*
        SecretVolumeSource
         defaultMode int32*
         items [KeyToPath]
         optional bool*
         secretName string
        ServiceAccountTokenProjection
         audience string
         expirationSeconds int64*
         path string*!
        StorageOSVolumeSource
         fsType string
         readOnly bool
         secretRef LocalObjectReference
         volumeName string
         volumeNamespace string
        TypedLocalObjectReference atomic
         apiGroup string*
         kind string*!
         name string*!
        TypedObjectReference
         apiGroup string*
         kind string*!
         name string*!
         namespace string*
        Volume | Storage of a Pod.
         awsElasticBlockStore AWSElasticBlockStoreVolumeSource
         azureDisk AzureDiskVolumeSource
         azureFile AzureFileVolumeSource
         cephfs CephFSVolumeSource
         cinder CinderVolumeSource
         configMap ConfigMapVolumeSource | The keys of a ConfigMap as files.
         csi CSIVolumeSource
         downwardAPI DownwardAPIVolumeSource
         emptyDir EmptyDirVolumeSource | An empty folder that lives as long as the Pod.
         ephemeral EphemeralVolumeSource
         fc FCVolumeSource
         flexVolume FlexVolumeSource
         flocker FlockerVolumeSource
         gcePersistentDisk GCEPersistentDiskVolumeSource
         gitRepo GitRepoVolumeSource
         glusterfs GlusterfsVolumeSource
         hostPath HostPathVolumeSource | A file or folder of the node.
         image ImageVolumeSource
         iscsi ISCSIVolumeSource
         name string*! | What volumeMounts name it by.
         nfs NFSVolumeSource
         persistentVolumeClaim PersistentVolumeClaimVolumeSource | What a claim of the namespace is bound to.
         photonPersistentDisk PhotonPersistentDiskVolumeSource
         portworxVolume PortworxVolumeSource
         projected ProjectedVolumeSource | Several sources in one folder.
         quobyte QuobyteVolumeSource
         rbd RBDVolumeSource
         scaleIO ScaleIOVolumeSource
         secret SecretVolumeSource | The keys of a Secret as files.
         storageos StorageOSVolumeSource
         vsphereVolume VsphereVirtualDiskVolumeSource
        VolumeProjection
         clusterTrustBundle ClusterTrustBundleProjection
         configMap ConfigMapProjection
         downwardAPI DownwardAPIProjection
         podCertificate PodCertificateProjection
         secret SecretProjection
         serviceAccountToken ServiceAccountTokenProjection
        VolumeResourceRequirements
         limits {quantity} go=v1.ResourceList
         requests {quantity} go=v1.ResourceList
        VsphereVirtualDiskVolumeSource
         fsType string
         storagePolicyID string
         storagePolicyName string
         volumePath string*!
        """)
}

extension SchemaTable {
    /// core/v1: volumes of Pods.
    static let volume = SchemaTable(
        .core,
        """
        AWSElasticBlockStoreVolumeSource
         fsType string =2
         partition int32 =3
         readOnly bool =4
         volumeID string*! =1
        AzureDiskVolumeSource
         cachingMode string* =3 default=ReadWrite go=v1.AzureDataDiskCachingMode
         diskName string*! =1
         diskURI string*! =2
         fsType string* =4 default=ext4
         kind string* =6 default=Shared go=v1.AzureDataDiskKind
         readOnly bool* =5
        AzureFileVolumeSource
         readOnly bool =3
         secretName string*! =1
         shareName string*! =2
        CSIVolumeSource
         driver string*! =1
         fsType string* =3
         nodePublishSecretRef LocalObjectReference =5
         readOnly bool* =2
         volumeAttributes {string} =4
        CephFSVolumeSource
         monitors [string]*! =1
         path string =2
         readOnly bool =6
         secretFile string =4
         secretRef LocalObjectReference =5
         user string =3
        CinderVolumeSource
         fsType string =2
         readOnly bool =3
         secretRef LocalObjectReference =4
         volumeID string*! =1
        ClusterTrustBundleProjection
         labelSelector meta.LabelSelector =3
         name string* =1
         optional bool* =5
         path string*! =4
         signerName string* =2
        ConfigMapProjection
         items [KeyToPath] =2
         name string =1.1
         optional bool* =4
        ConfigMapVolumeSource
         defaultMode int32* =3
         items [KeyToPath] =2
         name string =1.1
         optional bool* =4
        DownwardAPIProjection
         items [DownwardAPIVolumeFile] =1
        DownwardAPIVolumeFile
         fieldRef ObjectFieldSelector =2
         mode int32* =4
         path string*! =1
         resourceFieldRef ResourceFieldSelector =3
        DownwardAPIVolumeSource
         defaultMode int32* =2
         items [DownwardAPIVolumeFile] =1
        EmptyDirVolumeSource
         medium string =1 go=v1.StorageMedium
         sizeLimit quantity* =2
        EphemeralVolumeSource
         volumeClaimTemplate PersistentVolumeClaimTemplate =1
        FCVolumeSource
         fsType string =3
         lun int32* =2
         readOnly bool =4
         targetWWNs [string] =1
         wwids [string] =5
        FlexVolumeSource
         driver string*! =1
         fsType string =2
         options {string} =5
         readOnly bool =4
         secretRef LocalObjectReference =3
        FlockerVolumeSource
         datasetName string =1
         datasetUUID string =2
        GCEPersistentDiskVolumeSource
         fsType string =2
         partition int32 =3
         pdName string*! =1
         readOnly bool =4
        GitRepoVolumeSource
         directory string =3
         repository string*! =1
         revision string =2
        GlusterfsVolumeSource
         endpoints string*! =1
         path string*! =2
         readOnly bool =3
        HostPathVolumeSource
         path string*! =1
         type string* =2 go=v1.HostPathType
        ISCSIVolumeSource
         chapAuthDiscovery bool =8
         chapAuthSession bool =11
         fsType string =5
         initiatorName string* =12
         iqn string*! =2
         iscsiInterface string =4 default=default
         lun int32*! =3
         portals [string] =7
         readOnly bool =6
         secretRef LocalObjectReference =10
         targetPortal string*! =1
        ImageVolumeSource
         pullPolicy string =2 go=v1.PullPolicy
         reference string =1
        KeyToPath
         key string*! =1
         mode int32* =3
         path string*! =2
        ModifyVolumeStatus
         status string*! =2 go=v1.PersistentVolumeClaimModifyVolumeStatus
         targetVolumeAttributesClassName string =1
        NFSVolumeSource
         path string*! =2
         readOnly bool =3
         server string*! =1
        PersistentVolumeClaim typed
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec PersistentVolumeClaimSpec =2
         status PersistentVolumeClaimStatus =3
        PersistentVolumeClaimCondition
         lastProbeTime time =3
         lastTransitionTime time =4
         message string =6
         reason string =5
         status string*! =2 go=v1.ConditionStatus
         type string*! =1 go=v1.PersistentVolumeClaimConditionType
        PersistentVolumeClaimSpec
         accessModes [string] =1 go=[]v1.PersistentVolumeAccessMode
         dataSource TypedLocalObjectReference =7
         dataSourceRef TypedObjectReference =8
         resources VolumeResourceRequirements =2
         selector meta.LabelSelector =4
         storageClassName string* =5
         volumeAttributesClassName string* =9
         volumeMode string* =6 go=v1.PersistentVolumeMode
         volumeName string =3
        PersistentVolumeClaimStatus
         accessModes [string] =2 go=[]v1.PersistentVolumeAccessMode
         allocatedResourceStatuses {string} =7 go=map[v1.ResourceName]v1.ClaimResourceStatus
         allocatedResources {quantity} =5 go=v1.ResourceList
         capacity {quantity} =3 go=v1.ResourceList
         conditions [PersistentVolumeClaimCondition] =4 map(type) merge(type)
         currentVolumeAttributesClassName string* =8
         modifyVolumeStatus ModifyVolumeStatus =9
         phase string =1 go=v1.PersistentVolumeClaimPhase
        PersistentVolumeClaimTemplate
         metadata meta.ObjectMeta =1 | Name, namespace, labels and annotations.
         spec PersistentVolumeClaimSpec! =2
        PersistentVolumeClaimVolumeSource
         claimName string*! =1
         readOnly bool =2
        PhotonPersistentDiskVolumeSource
         fsType string =2
         pdID string*! =1
        PodCertificateProjection
         certificateChainPath string =6
         credentialBundlePath string =4
         keyPath string =5
         keyType string! =2
         maxExpirationSeconds int32* =3
         signerName string! =1
         userAnnotations {string} =7
        PortworxVolumeSource
         fsType string =2
         readOnly bool =3
         volumeID string*! =1
        ProjectedVolumeSource
         defaultMode int32* =2
         sources [VolumeProjection]* =1
        QuobyteVolumeSource
         group string =5
         readOnly bool =3
         registry string*! =1
         tenant string =6
         user string =4
         volume string*! =2
        RBDVolumeSource
         fsType string =3
         image string*! =2
         keyring string =6 default=/etc/ceph/keyring
         monitors [string]*! =1
         pool string =4 default=rbd
         readOnly bool =8
         secretRef LocalObjectReference =7
         user string =5 default=admin
        ScaleIOVolumeSource
         fsType string =9 default=xfs
         gateway string*! =1
         protectionDomain string =5
         readOnly bool =10
         secretRef LocalObjectReference! =3
         sslEnabled bool =4
         storageMode string =7 default=ThinProvisioned
         storagePool string =6
         system string*! =2
         volumeName string =8
        SecretProjection
         items [KeyToPath] =2
         name string =1.1
         optional bool* =4
        SecretVolumeSource
         defaultMode int32* =3
         items [KeyToPath] =2
         optional bool* =4
         secretName string =1
        ServiceAccountTokenProjection
         audience string =1
         expirationSeconds int64* =2
         path string*! =3
        StorageOSVolumeSource
         fsType string =3
         readOnly bool =4
         secretRef LocalObjectReference =5
         volumeName string =1
         volumeNamespace string =2
        TypedLocalObjectReference atomic
         apiGroup string* =1
         kind string*! =2
         name string*! =3
        TypedObjectReference
         apiGroup string* =1
         kind string*! =2
         name string*! =3
         namespace string* =4
        Volume | Storage of a Pod.
         awsElasticBlockStore AWSElasticBlockStoreVolumeSource =2.4
         azureDisk AzureDiskVolumeSource =2.22
         azureFile AzureFileVolumeSource =2.18
         cephfs CephFSVolumeSource =2.14
         cinder CinderVolumeSource =2.13
         configMap ConfigMapVolumeSource =2.19 | The keys of a ConfigMap as files.
         csi CSIVolumeSource =2.28
         downwardAPI DownwardAPIVolumeSource =2.16
         emptyDir EmptyDirVolumeSource =2.2 | An empty folder that lives as long as the Pod.
         ephemeral EphemeralVolumeSource =2.29
         fc FCVolumeSource =2.17
         flexVolume FlexVolumeSource =2.12
         flocker FlockerVolumeSource =2.15
         gcePersistentDisk GCEPersistentDiskVolumeSource =2.3
         gitRepo GitRepoVolumeSource =2.5
         glusterfs GlusterfsVolumeSource =2.9
         hostPath HostPathVolumeSource =2.1 | A file or folder of the node.
         image ImageVolumeSource =2.30
         iscsi ISCSIVolumeSource =2.8
         name string*! =1 | What volumeMounts name it by.
         nfs NFSVolumeSource =2.7
         persistentVolumeClaim PersistentVolumeClaimVolumeSource =2.10 | What a claim of the namespace is bound to.
         photonPersistentDisk PhotonPersistentDiskVolumeSource =2.23
         portworxVolume PortworxVolumeSource =2.24
         projected ProjectedVolumeSource =2.26 | Several sources in one folder.
         quobyte QuobyteVolumeSource =2.21
         rbd RBDVolumeSource =2.11
         scaleIO ScaleIOVolumeSource =2.25
         secret SecretVolumeSource =2.6 | The keys of a Secret as files.
         storageos StorageOSVolumeSource =2.27
         vsphereVolume VsphereVirtualDiskVolumeSource =2.20
        VolumeProjection
         clusterTrustBundle ClusterTrustBundleProjection =5
         configMap ConfigMapProjection =3
         downwardAPI DownwardAPIProjection =2
         podCertificate PodCertificateProjection =6
         secret SecretProjection =1
         serviceAccountToken ServiceAccountTokenProjection =4
        VolumeResourceRequirements
         limits {quantity} =1 go=v1.ResourceList
         requests {quantity} =2 go=v1.ResourceList
        VsphereVirtualDiskVolumeSource
         fsType string =2
         storagePolicyID string =4
         storagePolicyName string =3
         volumePath string*! =1
        """)
}

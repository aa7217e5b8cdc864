/// Files that stand for those in clusters.
enum Texts {
    static let header = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n"

    /// What kubeadm puts into the ConfigMap `kube-proxy`: every field of its time, zero but for two.
    static let kubeadm = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        bindAddress: 0.0.0.0
        bindAddressHardFail: false
        clientConnection:
          acceptContentTypes: ""
          burst: 0
          contentType: ""
          kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
          qps: 0
        clusterCIDR: 10.244.0.0/16
        configSyncPeriod: 0s
        conntrack:
          maxPerCore: null
          min: null
          tcpBeLiberal: false
          tcpCloseWaitTimeout: null
          tcpEstablishedTimeout: null
          udpStreamTimeout: 0s
          udpTimeout: 0s
        detectLocal:
          bridgeInterface: ""
          interfaceNamePrefix: ""
        detectLocalMode: ""
        enableProfiling: false
        healthzBindAddress: ""
        hostnameOverride: ""
        iptables:
          localhostNodePorts: null
          masqueradeAll: false
          masqueradeBit: null
          minSyncPeriod: 0s
          syncPeriod: 0s
        ipvs:
          excludeCIDRs: null
          minSyncPeriod: 0s
          scheduler: ""
          strictARP: false
          syncPeriod: 0s
          tcpFinTimeout: 0s
          tcpTimeout: 0s
          udpTimeout: 0s
        kind: KubeProxyConfiguration
        logging:
          flushFrequency: 0
          options:
            json:
              infoBufferSize: "0"
            text:
              infoBufferSize: "0"
          verbosity: 0
        metricsBindAddress: ""
        mode: nftables
        nftables:
          masqueradeAll: false
          masqueradeBit: null
          minSyncPeriod: 0s
          syncPeriod: 0s
        nodePortAddresses: null
        oomScoreAdj: null
        portRange: ""
        showHiddenMetricsForVersion: ""
        winkernel:
          enableDSR: false
          forwardHealthCheckVip: false
          networkName: ""
          rootHnsEndpointName: ""
          sourceVip: ""

        """

    /// The defaults as upstream writes them (scheme/testdata/KubeProxyConfiguration/after/v1alpha1.yaml), with Fairlead's
    /// answers to what is for it to decide: the mode and what follows from it, and periods that are not set.
    static let defaults = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        bindAddress: 0.0.0.0
        bindAddressHardFail: false
        clientConnection:
          acceptContentTypes: ""
          burst: 10
          contentType: application/vnd.kubernetes.protobuf
          kubeconfig: ""
          qps: 5
        clusterCIDR: ""
        configSyncPeriod: 15m0s
        conntrack:
          maxPerCore: 32768
          min: 131072
          tcpBeLiberal: false
          tcpCloseWaitTimeout: 1h0m0s
          tcpEstablishedTimeout: 24h0m0s
          udpStreamTimeout: 0s
          udpTimeout: 0s
        detectLocal:
          bridgeInterface: ""
          interfaceNamePrefix: ""
        detectLocalMode: ClusterCIDR
        enableProfiling: false
        healthzBindAddress: 0.0.0.0:10256
        hostnameOverride: ""
        iptables:
          localhostNodePorts: true
          masqueradeAll: false
          masqueradeBit: 14
          minSyncPeriod: 0s
          syncPeriod: 30s
        ipvs:
          excludeCIDRs: null
          minSyncPeriod: 0s
          scheduler: ""
          strictARP: false
          syncPeriod: 30s
          tcpFinTimeout: 0s
          tcpTimeout: 0s
          udpTimeout: 0s
        kind: KubeProxyConfiguration
        logging:
          flushFrequency: 5s
          format: text
          options:
            json:
              infoBufferSize: "0"
            text:
              infoBufferSize: "0"
          verbosity: 0
        metricsBindAddress: 127.0.0.1:10249
        mode: nftables
        nftables:
          masqueradeAll: false
          masqueradeBit: 14
          minSyncPeriod: 0s
          syncPeriod: 30s
        nodePortAddresses:
        - primary
        oomScoreAdj: -999
        portRange: ""
        showHiddenMetricsForVersion: ""
        winkernel:
          enableDSR: false
          forwardHealthCheckVip: false
          networkName: ""
          rootHnsEndpointName: ""
          sourceVip: ""

        """

    /// Every field with a value that is neither zero nor the default, all of them valid. Only what is for Windows and the
    /// mode cannot be run.
    static let everything = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        bindAddress: "2001:db8::1"
        bindAddressHardFail: true
        clientConnection:
          acceptContentTypes: application/json
          burst: 11
          contentType: application/json
          kubeconfig: /etc/kubeconfig
          qps: 7.5
        clusterCIDR: 10.1.0.0/16,fd00:1::/48
        configSyncPeriod: 1m0s
        conntrack:
          maxPerCore: 1000
          min: 2000
          tcpBeLiberal: true
          tcpCloseWaitTimeout: 30m0s
          tcpEstablishedTimeout: 2h0m0s
          udpStreamTimeout: 20s
          udpTimeout: 10s
        detectLocal:
          bridgeInterface: br0
          interfaceNamePrefix: veth
        detectLocalMode: BridgeInterface
        enableProfiling: true
        featureGates:
          AllAlpha: false
          LoggingAlphaOptions: true
        healthzBindAddress: "[::1]:1001"
        hostnameOverride: node-7
        iptables:
          localhostNodePorts: false
          masqueradeAll: true
          masqueradeBit: 3
          minSyncPeriod: 2s
          syncPeriod: 31s
        ipvs:
          excludeCIDRs:
          - 10.9.0.0/16
          - fd00:9::/64
          minSyncPeriod: 3s
          scheduler: rr
          strictARP: true
          syncPeriod: 32s
          tcpFinTimeout: 4s
          tcpTimeout: 5s
          udpTimeout: 6s
        kind: KubeProxyConfiguration
        logging:
          flushFrequency: 7s
          format: text
          options:
            json:
              infoBufferSize: 64Ki
              splitStream: true
            text:
              infoBufferSize: "512"
              splitStream: true
          verbosity: 4
          vmodule:
          - filePattern: proxy*
            verbosity: 5
        metricsBindAddress: 127.0.0.2:1002
        mode: ipvs
        nftables:
          masqueradeAll: true
          masqueradeBit: 4
          minSyncPeriod: 250ms
          syncPeriod: 33s
        nodePortAddresses:
        - 192.0.2.0/24
        oomScoreAdj: -500
        portRange: "1-2"
        showHiddenMetricsForVersion: "1.35"
        windowsRunAsService: true
        winkernel:
          enableDSR: true
          forwardHealthCheckVip: true
          networkName: net
          rootHnsEndpointName: root
          sourceVip: 192.0.2.7

        """
}

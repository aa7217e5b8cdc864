/// Calls as container runtimes have made them: the environment and standard input of the plugin. Only names were changed.
struct CapturedCall: Sendable {
    let environment: [String: String]
    let input: String

    /// containerd 1.6: RunPodSandbox.
    static let containerd16Add = CapturedCall(
        environment: [
            "CNI_COMMAND": "ADD",
            "CNI_CONTAINERID": "5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc",
            "CNI_NETNS": "/var/run/netns/cni-6b3e6d71-53e0-730e-97d5-f292006d9e57",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc;"
                + "K8S_POD_UID=uid-web-1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.0.0", "name": "pods", "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], "Options": ["ndots:5"]}, \#
            "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// containerd 1.6: StopPodSandbox.
    static let containerd16Delete = CapturedCall(
        environment: [
            "CNI_COMMAND": "DEL",
            "CNI_CONTAINERID": "5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc",
            "CNI_NETNS": "/var/run/netns/cni-6b3e6d71-53e0-730e-97d5-f292006d9e57",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc;"
                + "K8S_POD_UID=uid-web-1;IgnoreUnknown=1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.0.0", "name": "pods", "prevResult": {"cniVersion": "1.0.0", \#
            "dns": {}, "interfaces": [{"mac": "8e:67:05:1a:ee:04", "name": "eth0", "sandbox": \#
            "/var/run/netns/cni-6b3e6d71-53e0-730e-97d5-f292006d9e57"}], "ips": [{"address": "10.90.0.140/24", \#
            "gateway": "10.90.0.1", "interface": 0}], "routes": [{"dst": "0.0.0.0/0"}]}, "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], "Options": ["ndots:5"]}, \#
            "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// containerd 1.6: RemovePodSandbox, which has no namespace and no previous result any more.
    static let containerd16DeleteAgain = CapturedCall(
        environment: [
            "CNI_COMMAND": "DEL",
            "CNI_CONTAINERID": "5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc",
            "CNI_NETNS": "",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=5bfd72a30d668af07ed8eb9064591e3f6660adaeac9ce424a9926188c34768bc;"
                + "K8S_POD_UID=uid-web-1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.0.0", "name": "pods", "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], "Options": ["ndots:5"]}, \#
            "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// containerd 2.1: RunPodSandbox.
    static let containerd21Add = CapturedCall(
        environment: [
            "CNI_COMMAND": "ADD",
            "CNI_CONTAINERID": "13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1",
            "CNI_NETNS": "/var/run/netns/cni-09fd5c69-b3b6-b6de-b2b0-0fe0922365c6",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "K8S_POD_UID=uid-web-1;IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.1.0", "name": "pods", "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "cgroupPath": "/kubepods", "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], \#
            "Options": ["ndots:5"]}, "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// containerd 2.1: StopPodSandbox.
    static let containerd21Delete = CapturedCall(
        environment: [
            "CNI_COMMAND": "DEL",
            "CNI_CONTAINERID": "13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1",
            "CNI_NETNS": "/var/run/netns/cni-09fd5c69-b3b6-b6de-b2b0-0fe0922365c6",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1;"
                + "K8S_POD_UID=uid-web-1;IgnoreUnknown=1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.1.0", "name": "pods", "prevResult": {"cniVersion": "1.1.0", \#
            "interfaces": [{"mac": "de:16:04:7a:b2:c4", "name": "eth0", "sandbox": \#
            "/var/run/netns/cni-09fd5c69-b3b6-b6de-b2b0-0fe0922365c6"}], "ips": [{"address": "10.90.0.150/24", \#
            "gateway": "10.90.0.1", "interface": 0}], "routes": [{"dst": "0.0.0.0/0"}]}, "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "cgroupPath": "/kubepods", "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], \#
            "Options": ["ndots:5"]}, "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// containerd 2.1: RemovePodSandbox.
    static let containerd21DeleteAgain = CapturedCall(
        environment: [
            "CNI_COMMAND": "DEL",
            "CNI_CONTAINERID": "13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1",
            "CNI_NETNS": "",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS":
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web-1;"
                + "K8S_POD_INFRA_CONTAINER_ID=13f7363e4eb07979ffc596f464f22865e048b52b0559e5d8f82368fd0c3e21f1;"
                + "K8S_POD_UID=uid-web-1",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"aliases": true, "bandwidth": true, "cgroupPath": true, "deviceID": true, "dns": true, \#
            "infinibandGUID": true, "io.kubernetes.cri.pod-annotations": true, "ipRanges": true, "ips": true, "mac": \#
            true, "portMappings": true}, "cniVersion": "1.1.0", "name": "pods", "runtimeConfig": {"bandwidth": \#
            {"IngressRate": 10000000, "IngressBurst": 4294967295, "EgressRate": 20000000, "EgressBurst": 4294967295}, \#
            "cgroupPath": "/kubepods", "dns": {"Servers": ["10.96.0.10"], "Searches": ["demo.svc.cluster.local"], \#
            "Options": ["ndots:5"]}, "io.kubernetes.cri.pod-annotations": {"kubernetes.io/egress-bandwidth": "20M", \#
            "kubernetes.io/ingress-bandwidth": "10M", "demo.example/x": "y"}, "portMappings": [{"HostPort": 8090, \#
            "ContainerPort": 80, "Protocol": "tcp", "HostIP": ""}, {"HostPort": 8053, "ContainerPort": 53, "Protocol": \#
            "udp", "HostIP": "127.0.0.1"}]}, "type": "fairlead-cni"}
            """#)

    /// podman 4.3: what it asks every plugin first.
    static let podmanVersion = CapturedCall(
        environment: [
            "CNI_COMMAND": "VERSION",
            "CNI_CONTAINERID": "",
            "CNI_NETNS": "dummy",
            "CNI_IFNAME": "dummy",
            "CNI_ARGS": "",
            "CNI_PATH": "dummy",
        ],
        input: #"""
            {"cniVersion": "1.0.0"}
            """#)

    /// podman 4.3: start of a container.
    static let podmanAdd = CapturedCall(
        environment: [
            "CNI_COMMAND": "ADD",
            "CNI_CONTAINERID": "45b1702dd57b51d17dcec2a4a1ec88047b1a392cb1ad9e0e5a74e939925ede53",
            "CNI_NETNS": "/run/netns/netns-d98bc7eb-576f-4306-d97b-ceb656697f1f",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAME=web-2",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"portMappings": true}, "cniVersion": "1.0.0", "mtu": 1400, "name": "pods", "type": \#
            "fairlead-cni"}
            """#)

    /// podman 4.3: its end.
    static let podmanDelete = CapturedCall(
        environment: [
            "CNI_COMMAND": "DEL",
            "CNI_CONTAINERID": "45b1702dd57b51d17dcec2a4a1ec88047b1a392cb1ad9e0e5a74e939925ede53",
            "CNI_NETNS": "/run/netns/netns-d98bc7eb-576f-4306-d97b-ceb656697f1f",
            "CNI_IFNAME": "eth0",
            "CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAME=web-2",
            "CNI_PATH": "/opt/cni/bin",
        ],
        input: #"""
            {"capabilities": {"portMappings": true}, "cniVersion": "1.0.0", "mtu": 1400, "name": "pods", "prevResult": \#
            {"cniVersion": "1.0.0", "interfaces": [{"name": "eth0", "mac": "96:45:cb:c4:ed:db", "sandbox": \#
            "/run/netns/netns-d98bc7eb-576f-4306-d97b-ceb656697f1f"}], "ips": [{"interface": 0, "address": \#
            "10.90.0.77/24", "gateway": "10.90.0.1"}], "routes": [{"dst": "0.0.0.0/0"}], "dns": {}}, "type": \#
            "fairlead-cni"}
            """#)

    static let all = [
        containerd16Add, containerd16Delete, containerd16DeleteAgain, containerd21Add, containerd21Delete,
        containerd21DeleteAgain, podmanVersion, podmanAdd, podmanDelete,
    ]
}

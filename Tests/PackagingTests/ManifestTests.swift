import Testing
import Yams

@Suite("The manifest of the DaemonSet")
struct ManifestTests {
    private let objects: [Node]

    init() throws {
        objects = try PackagingFile.documents(PackagingFile.text("packaging/kubernetes/fairlead.yaml"))
    }

    private func object(_ kind: String) throws -> Node {
        let found = objects.filter { $0["kind"]?.string == kind }
        try #require(found.count == 1, "\(found.count) objects of kind \(kind)")
        return found[0]
    }

    private var pod: Node { get throws { try object("DaemonSet").at("spec", "template", "spec") } }
    private var daemon: Node { get throws { try pod.at("containers", 0) } }
    private var initial: Node { get throws { try pod.at("initContainers", 0) } }

    @Test("holds what a service proxy consists of, in one namespace and under one name")
    func objectsOfAProxy() throws {
        #expect(
            objects.compactMap { $0["kind"]?.string } == [
                "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "ConfigMap", "DaemonSet",
            ])
        for object in objects {
            #expect(try object.at("metadata", "name").string == "fairlead")
            let isOfTheCluster = object["kind"]?.string?.hasPrefix("ClusterRole") == true
            #expect(object["metadata"]?["namespace"]?.string == (isOfTheCluster ? nil : "kube-system"))
        }
        #expect(try pod.at("serviceAccountName").string == "fairlead")
        let binding = try object("ClusterRoleBinding")
        #expect(try binding.at("subjects", 0, "name").string == "fairlead")
        #expect(try binding.at("subjects", 0, "namespace").string == "kube-system")
        #expect(try binding.at("roleRef", "name").string == "fairlead")
        let selector = try object("DaemonSet").at("spec", "selector", "matchLabels")
        #expect(try object("DaemonSet").at("spec", "template", "metadata", "labels") == selector)
    }

    /// What kube-proxy's own role `system:node-proxier` has, without endpoints and without the old events.
    @Test("gives the least rights")
    func rights() throws {
        let rules = try object("ClusterRole").at("rules").items.map { rule in
            "\(rule["apiGroups"]?.strings ?? []) \(rule["resources"]?.strings ?? []) \(rule["verbs"]?.strings ?? [])"
        }
        #expect(
            rules == [
                #"[""] ["services"] ["list", "watch"]"#,
                #"["discovery.k8s.io"] ["endpointslices"] ["list", "watch"]"#,
                #"[""] ["nodes"] ["get", "list", "watch"]"#,
                #"["networking.k8s.io"] ["servicecidrs"] ["list", "watch"]"#,
                #"["events.k8s.io"] ["events"] ["create", "patch"]"#,
            ])
    }

    @Test("runs on every node, in its network, before other pods")
    func placement() throws {
        #expect(try pod.at("hostNetwork").bool == true)
        #expect(try pod.at("priorityClassName").string == "system-node-critical")
        #expect(try pod.at("tolerations", 0, "operator").string == "Exists")
        #expect(try pod.at("tolerations", 0).mapping?.count == 1)
        #expect(try pod.at("nodeSelector", "kubernetes.io/os").string == "linux")
        // Longer than the 15 s that the daemon gives itself at most.
        #expect(try #require(pod.at("terminationGracePeriodSeconds").int) > 15)
    }

    @Test("gives the daemon one capability and one folder to write to; only the init container is privileged")
    func security() throws {
        let context = try daemon.at("securityContext")
        #expect(context["privileged"] == nil)
        #expect(try context.at("allowPrivilegeEscalation").bool == false)
        #expect(try context.at("readOnlyRootFilesystem").bool == true)
        #expect(try context.at("capabilities", "drop").strings == ["ALL"])
        #expect(try context.at("capabilities", "add").strings == ["NET_ADMIN"])
        #expect(try context.at("seccompProfile", "type").string == "RuntimeDefault")
        #expect(try initial.at("securityContext", "privileged").bool == true)
        #expect(try pod.at("initContainers").items.count == 1 && pod.at("containers").items.count == 1)
        let folders = try pod.at("volumes").items.filter { $0["hostPath"] != nil }
        #expect(try folders.map { try $0.at("hostPath", "path").string } == ["/run/fairlead"])
        let name = try #require(folders.first?.at("name").string)
        let mounts = try daemon.at("volumeMounts").items
        #expect(try mounts.map { try $0.at("name").string == name || $0.at("readOnly").bool == true } == [true, true])
        #expect(try mounts.last?.at("mountPath").string == "/run/fairlead")
    }

    @Test("starts both containers from the image of this version, for this node")
    func command() throws {
        let image = "localhost/fairlead:" + (try PackagingFile.version())
        #expect(try daemon.at("image").string == image)
        #expect(try initial.at("image").string == image)
        let arguments = try daemon.at("args").strings
        #expect(arguments.first == "proxy" && arguments.contains("--hostname-override=$(NODE_NAME)"))
        #expect(try initial.at("args").strings == arguments + ["--init-only"])
        for container in [try daemon, try initial] {
            #expect(container["command"] == nil, "the image's entry point is fairlead")
            #expect(try container.at("env", 0, "name").string == "NODE_NAME")
            #expect(try container.at("env", 0, "valueFrom", "fieldRef", "fieldPath").string == "spec.nodeName")
        }
    }

    @Test("mounts the configuration where the arguments look for it")
    func configuration() throws {
        let data = try object("ConfigMap").at("data")
        let folder = try #require(daemon.at("volumeMounts", 0, "mountPath").string)
        #expect(try daemon.at("volumeMounts", 0, "name").string == pod.at("volumes", 0, "name").string)
        #expect(try pod.at("volumes", 0, "configMap", "name").string == "fairlead")
        #expect(try daemon.at("args").strings.contains("--config=\(folder)/config.conf"))

        let configuration = try PackagingFile.document(try #require(data.at("config.conf").string))
        #expect(try configuration.at("apiVersion").string == "kubeproxy.config.k8s.io/v1alpha1")
        #expect(try configuration.at("kind").string == "KubeProxyConfiguration")
        #expect(try configuration.at("mode").string == "nftables")
        #expect(try configuration.at("clientConnection", "kubeconfig").string == "\(folder)/kubeconfig.conf")

        let kubeconfig = try PackagingFile.document(try #require(data.at("kubeconfig.conf").string))
        let server = try #require(kubeconfig.at("clusters", 0, "cluster", "server").string)
        #expect(server.hasPrefix("https://") && !server.contains("kubernetes.default"))
        let account = "/var/run/secrets/kubernetes.io/serviceaccount/"
        #expect(try kubeconfig.at("clusters", 0, "cluster", "certificate-authority").string == account + "ca.crt")
        #expect(try kubeconfig.at("users", 0, "user", "tokenFile").string == account + "token")
    }

    @Test("probes the health server that the configuration binds")
    func probes() throws {
        let text = try #require(object("ConfigMap").at("data", "config.conf").string)
        let address = try #require(PackagingFile.document(text).at("healthzBindAddress").string)
        let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
        for (probe, path) in [("livenessProbe", "/livez"), ("readinessProbe", "/healthz")] {
            #expect(try daemon.at(probe, "httpGet", "path").string == path)
            #expect(try daemon.at(probe, "httpGet", "port").int == port)
        }
        #expect(try daemon.at("resources", "requests", "memory").string?.hasSuffix("Mi") == true)
        #expect(try daemon.at("resources").mapping?["limits"] == nil)
    }
}

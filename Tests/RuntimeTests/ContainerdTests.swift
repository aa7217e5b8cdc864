import FoundationEssentials
import Netlink
import TestSupport
import Testing

/// With Debian's containerd 1.6, or another: `FAIRLEAD_CONTAINERD=FOLDER`.
@Suite(
    "Pods of a real containerd", .node(with: "containerd", "runc", "ctr", "busybox", "curl", "nft", "conntrack"),
    .serialized)
struct ContainerdTests {
    private let node: RuntimeNode
    private let containerd: Containerd

    init() async throws {
        node = try RuntimeNode()
        containerd = try await Containerd(in: node)
    }

    private func url(_ address: String, port: Int) -> String {
        "http://\(address.contains(":") ? "[\(address)]" : address):\(port)/"
    }

    /// From outside the node.
    private func fetch(_ address: String, port: Int) throws -> String {
        try Tool.run("curl", "-sS", "-g", "--max-time", "20", url(address, port: port), in: node.client).trimmingEnd
    }

    @Test("reach each other and their node, and leave nothing", arguments: SampleConfiguration.all)
    func pods(sample: SampleConfiguration) async throws {
        // containerd runs already: it has to notice the file by itself.
        #expect(try containerd.runtime.networkState().isReady == false)
        try node.install(sample)
        try await containerd.awaitNetwork()
        let pods = try ["one", "two"].map { try containerd.runtime.runPod($0) }
        for (pod, other) in [(pods[0], pods[1]), (pods[1], pods[0])] {
            #expect(pod.addresses.count == (sample.name.contains("dual") ? 2 : 1))
            for address in other.addresses + RuntimeNode.addresses.prefix(pod.addresses.count) {
                try pod.run("ping", "-c", "1", "-W", "10", address)
            }
        }
        #expect(try node.attachments().count == 2)
        // Of the list's versions each containerd takes the newest that it knows.
        let results = try node.run("grep -ho '\"result\":{\"cniVersion\":\"[0-9.]*\"' /var/lib/cni/results/fairlead-*")
        let version = containerd.majorVersion < 2 ? "1.0.0" : "1.1.0"
        #expect(results == String(repeating: "\"result\":{\"cniVersion\":\"\(version)\"\n", count: 2))
        for pod in pods {
            try pod.stop()
            try pod.remove()
        }
        try node.expectNothingLeft()
    }

    @Test("have no network before the node's agent has written which one, and containerd says so")
    func agentsFile() async throws {
        try node.run("'\(RuntimeNode.program)' cni install")
        let cause = "the node's pod networks are not known yet"
        // From 2.0 on containerd asks with STATUS.
        if containerd.majorVersion < 2 {
            try await containerd.awaitNetwork()
        } else {
            try await eventually { try containerd.runtime.networkState().message.contains(cause) }
            #expect(try containerd.runtime.networkState().isReady == false)
        }
        let failure = #expect(throws: ContainerRuntimeInterface.Failure.self) {
            _ = try containerd.runtime.runPod("early")
        }
        #expect(failure?.message.contains(cause) == true, "\(failure?.message ?? "")")

        try node.write("/run/fairlead/pod-cidrs", "10.244.1.0/24\nfd00:10:244:1::/64\n")
        try await containerd.awaitNetwork()
        let pod = try containerd.runtime.runPod("late")
        #expect(pod.addresses == ["10.244.1.2", "fd00:10:244:1::2"])
        try pod.stop()
        try pod.remove()
        try node.expectNothingLeft()
    }

    @Test("are reached through a host port and a ClusterIP, and outlive a restart of containerd")
    func services() async throws {
        try node.install(.dualStack)
        try await containerd.awaitNetwork()
        let web = try containerd.runtime.runPod("web", hostPorts: [(host: 8090, container: 80)])
        let client = try containerd.runtime.runPod("client")
        try await serve(web)
        func expectReachable() throws {
            for address in RuntimeNode.addresses { #expect(try fetch(address, port: 8090) == "web") }
            // From a pod, over the node's address, and the pod to itself.
            for pod in [client, web] {
                for address in RuntimeNode.addresses + ["10.96.0.80", "fd00:10:96::80"] {
                    let port = address.contains("96") ? 80 : 8090
                    #expect(
                        try pod.run("wget", "-q", "-O", "-", url(address, port: port)) == "web\n",
                        "\(address)")
                }
            }
        }
        try expectReachable()

        try containerd.kill()
        try expectOutsideOnly()
        try await containerd.start()
        try await containerd.awaitNetwork()
        try expectReachable()

        // The host port is taken, and says by whom; the pod that wanted it leaves nothing.
        let failure = #expect(throws: ContainerRuntimeInterface.Failure.self) {
            _ = try containerd.runtime.runPod("late", hostPorts: [(host: 8090, container: 80)])
        }
        #expect(failure?.message.contains(web.sandbox) == true, "\(failure?.message ?? "")")
        #expect(try node.attachments().count == 2)

        // DEL with the namespace, twice, and without it.
        for pod in [web, client] {
            try pod.stop()
            try pod.stop()
            try pod.remove()
        }
        try node.stop("fairlead")
        try node.run("'\(RuntimeNode.program)' cleanup")
        try node.expectNothingLeft()
        #expect(throws: Tool.Failure.self) { _ = try fetch("192.168.9.1", port: 8090) }
    }

    private func expectOutsideOnly() throws {
        for address in RuntimeNode.addresses { #expect(try fetch(address, port: 8090) == "web") }
    }

    /// A Service with one endpoint, by a service proxy in the node's namespace.
    private func serve(_ pod: Pod) async throws {
        try node.write(
            "/etc/fairlead/manifests/objects.yaml",
            """
            apiVersion: v1
            kind: Node
            metadata: {name: node-1}
            status:
              addresses: [{type: InternalIP, address: 192.168.9.1}, {type: InternalIP, address: "fd09::1"}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec:
              clusterIP: 10.96.0.80
              clusterIPs: [10.96.0.80, "fd00:10:96::80"]
              ipFamilyPolicy: RequireDualStack
              selector: {app: web}
              ports: [{port: 80, protocol: TCP}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: default, labels: {app: web}}
            spec: {nodeName: node-1, containers: [{name: main, image: box}]}
            status:
              phase: Running
              podIP: \(pod.addresses[0])
              podIPs: [\(pod.addresses.map { "{ip: \"\($0)\"}" }.joined(separator: ", "))]
              conditions: [{type: Ready, status: "True"}]
            """)
        try node.start(
            "fairlead",
            """
            '\(RuntimeNode.program)' up --node-name node-1 --watch-manifests /etc/fairlead/manifests \
            --pod-cidr 10.244.0.0/16 --pod-cidr fd00:10:244::/48 --service-cidr 10.96.0.0/16 --service-cidr fd00:10:96::/112 \
            --in-memory --api-address off
            """)
        try await eventually { node.log("fairlead").contains(" ready") }
    }

    @Test("that nobody deletes are collected when they have ended, and only then")
    func collection() async throws {
        try node.install(.dualStack)
        // `ctr run --cni` never calls DEL for a container that it started in the background, unless `ctr task kill` ends it.
        try node.run("ctr image import /tmp/box.tar")
        for name in ["gone", "stays"] { try node.run("ctr run -d --cni --cpu-shares 0 \(Containerd.image) \(name)") }
        #expect(try node.attachments().count == 2)
        try node.run(
            """
            kill -KILL $(ctr task ls | awk '$1 == "gone" { print $2 }')
            until ctr task rm gone 2>/dev/null; do sleep 0.02; done
            ctr container rm gone
            """)
        // The kernel removes the link with the last reference to the namespace, in its own time.
        try await eventually {
            try node.run("'\(RuntimeNode.program)' cni gc --dry-run --grace 0").contains("gone")
        }
        #expect(try node.attachments().count == 2)
        try node.run("'\(RuntimeNode.program)' cni gc --grace 0")
        let left = try node.attachments()
        #expect(left.map(\.interfaceName) == ["eth0"] && left.first?.containerID.contains("stays") == true)
        let address = try #require(left.first?.addresses.first?.split(separator: "/").first)
        try node.run("busybox ping -c 1 -W 10 \(address)")
    }
}

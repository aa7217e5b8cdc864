import FoundationEssentials
import TestSupport
import Testing

@Suite(
    "Containers of a real podman", .node(with: "podman", "conmon", "runc", "busybox", "curl", "nft", "conntrack"),
    .serialized)
struct PodmanTests {
    private let node: RuntimeNode

    init() throws {
        node = try RuntimeNode()
        // Its default on Debian are other plugins and systemd; limits need a cgroup's controllers.
        try node.write(
            "/etc/containers/containers.conf",
            """
            [network]
            network_backend = "cni"
            cni_plugin_dirs = ["/opt/cni/bin"]
            network_config_dir = "/etc/cni/net.d"
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "none"
            runtime = "runc"
            [containers]
            log_driver = "k8s-file"
            pids_limit = 0
            """)
        try node.write(
            "/etc/containers/storage.conf",
            "[storage]\ndriver = \"vfs\"\ngraphroot = \"/var/lib/containers/storage\"\nrunroot = \"/run/containers/storage\"\n"
        )
        try node.write("/etc/containers/policy.json", #"{"default":[{"type":"insecureAcceptAnything"}]}"#)
        try node.run("\(RuntimeNode.script("image.sh")) $(command -v busybox) \(Containerd.image) /tmp/box.tar")
        try node.run("mkdir -p /opt/cni/bin; podman load -i /tmp/box.tar")
    }

    @Test(
        "reach each other and are reached through a published port, and leave nothing",
        arguments: SampleConfiguration.all)
    func containers(sample: SampleConfiguration) throws {
        try node.install(sample)
        #expect(try node.run("podman network ls --noheading --format '{{.Name}}'").contains("fairlead"))
        for (name, options) in [("web", "-p 8090:80 -p 8053:53/udp"), ("client", "")] {
            try node.run(
                """
                podman run -d --name \(name) --cap-add net_raw --network fairlead \(options) \(Containerd.image) \
                    sh -c 'echo \(name) >/tmp/index.html; exec httpd -f -p 80 -h /tmp'
                """)
        }
        let address = try node.run("podman inspect -f '{{.NetworkSettings.Networks.fairlead.IPAddress}}' web")
            .trimmingEnd
        #expect(address.hasPrefix("10.244.1."))
        try node.run("podman exec client ping -c 1 -W 10 \(address)")
        #expect(try node.run("podman exec client wget -q -O - http://\(address)/ 2>/dev/null") == "web\n")
        #expect(
            try Tool.run("curl", "-sS", "--max-time", "20", "http://192.168.9.1:8090/", in: node.client) == "web\n")
        // From the node itself.
        #expect(try node.run("curl -sS --max-time 20 http://192.168.9.1:8090/") == "web\n")
        if sample.name.contains("dual") {
            let address = try node.run(
                "podman inspect -f '{{.NetworkSettings.Networks.fairlead.GlobalIPv6Address}}' web"
            ).trimmingEnd
            try node.run("podman exec client ping -6 -c 1 -W 10 \(address)")
        }
        try node.run("podman restart -t 0 web; podman rm -f -t 0 web client")
        try node.expectNothingLeft()
    }
}

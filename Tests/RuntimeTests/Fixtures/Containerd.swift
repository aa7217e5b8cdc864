import TestSupport
import Testing

/// Debian's containerd in a node, with an image of busybox and no registry.
struct Containerd {
    static let image = "localhost/box:1"

    let node: RuntimeNode
    var runtime: ContainerRuntimeInterface { ContainerRuntimeInterface(node: node) }

    /// Started, with the image; it has no network until there is a conflist.
    init(in node: RuntimeNode) async throws {
        self.node = node
        // No limits and scores, for which not every machine that tests gives the right: what a cgroup does is not tested here.
        try node.write(
            "/etc/containerd/config.toml",
            """
            version = 2
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "\(Self.image)"
              restrict_oom_score_adj = true
              disable_apparmor = true
              disable_cgroup = true
              [plugins."io.containerd.grpc.v1.cri".containerd]
                snapshotter = "native"
            """)
        try await start()
        try node.run("\(RuntimeNode.script("image.sh")) $(command -v busybox) \(Self.image) /tmp/box.tar")
        try node.run("ctr -n k8s.io image import /tmp/box.tar")
    }

    func start() async throws {
        try node.start("containerd", "containerd")
        try await eventually { (try? node.run("ctr version")) != nil }
    }

    /// As a crash does; containers go on.
    func kill() throws { try node.stop("containerd", signal: "KILL") }

    /// Waits until it has read a conflist and finds it good.
    func awaitNetwork() async throws { try await eventually { try runtime.networkState().isReady } }
}

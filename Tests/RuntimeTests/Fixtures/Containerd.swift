import FoundationEssentials
import TestSupport
import Testing

/// A containerd in a node, with an image of busybox and no registry: Debian's, or another that `FAIRLEAD_CONTAINERD` names by the folder
/// of its `containerd`, `containerd-shim-runc-v2` and `ctr`.
struct Containerd {
    static let image = "localhost/box:1"

    let node: RuntimeNode
    /// The first number of its version.
    let majorVersion: Int
    var runtime: ContainerRuntimeInterface { ContainerRuntimeInterface(node: node) }

    /// Started, with the image; it has no network until there is a conflist.
    init(in node: RuntimeNode) async throws {
        self.node = node
        // "containerd REPOSITORY v2.1.9 REVISION", of which Debian's has no "v".
        let version = try node.run("containerd --version | cut -d ' ' -f 3")
        majorVersion = try #require(Int(version.drop { $0 == "v" }.prefix { $0 != "." }), "\(version)")
        if majorVersion < 2 {
            try node.write("/etc/containerd/config.toml", Self.configuration)
        } else {
            try node.write("/etc/containerd/config.toml", Self.configuration3)
            try node.write(Self.runc, Self.runcWithoutShares)
            try node.run("chmod +x \(Self.runc)")
        }
        try await start()
        try node.run("\(RuntimeNode.script("image.sh")) $(command -v busybox) \(Self.image) /tmp/box.tar")
        try node.run("ctr -n k8s.io image import /tmp/box.tar")
    }

    // No limits and scores, for which not every machine that tests gives the right: what a cgroup does is not tested here.
    private static let configuration = """
        version = 2
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "\(image)"
          restrict_oom_score_adj = true
          disable_apparmor = true
          disable_cgroup = true
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "native"
        """

    /// The same for containerd 2, whose images are another plugin's, and which always sets a cgroup's shares.
    private static let configuration3 = """
        version = 3
        [plugins."io.containerd.cri.v1.images"]
          snapshotter = "native"
          [plugins."io.containerd.cri.v1.images".pinned_images]
            sandbox = "\(image)"
        [plugins."io.containerd.cri.v1.runtime"]
          restrict_oom_score_adj = true
          disable_apparmor = true
          [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
              BinaryName = "\(runc)"
        """

    private static let runc = "/opt/runc"
    private static let runcWithoutShares = """
        #!/bin/bash
        for word; do
            [ "${before:-}" != --bundle ] || sed -i 's/"cpu":{"shares":[0-9]*}/"cpu":{}/' "$word/config.json"
            before=$word
        done
        exec runc "$@"
        """

    func start() async throws {
        try node.start("containerd", "containerd")
        try await eventually { (try? node.run("ctr version")) != nil }
    }

    /// As a crash does; containers go on.
    func kill() throws { try node.stop("containerd", signal: "KILL") }

    /// Waits until it has read a conflist and finds it good.
    func awaitNetwork() async throws { try await eventually { try runtime.networkState().isReady } }
}

import ArgumentParser
import CNI

/// Where the CNI plugin reads the networks of this node's pods.
struct PodCIDRFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file to keep this node's spec.podCIDRs in, for fairlead-cni; 'off' for none. (default: \(PodCIDRFile.defaultPath))",
            discussion: """
                Written once the Node object has them, replaced when they change, and left at the end: pods come and go \
                without the daemon. --cleanup removes it.
                """,
            valueName: "file"))
    var podCIDRFile = PodCIDRFile.defaultPath

    /// Nil for none.
    var path: String? { podCIDRFile == "off" || podCIDRFile.isEmpty ? nil : podCIDRFile }
}

import FoundationEssentials
import TestSupport
import Testing

/// A program of others that no Debian package has, in the folder that FAIRLEAD_PEERS names.
enum Peer {
    static func path(_ name: String) -> String {
        "\(ProcessInfo.processInfo.environment["FAIRLEAD_PEERS"] ?? "")/\(name)"
    }
}

extension Trait where Self == ConditionTrait {
    /// The test runs such a program, and is skipped where there is none.
    static func peer(_ name: String) -> Self {
        .enabled(
            if: Privileges.isRoot && FileManager.default.isExecutableFile(atPath: Peer.path(name)),
            "needs \(name), as root: build it, and name its folder with FAIRLEAD_PEERS")
    }
}

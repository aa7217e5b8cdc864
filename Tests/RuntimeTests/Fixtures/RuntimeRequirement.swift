import FoundationEssentials
import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// The test runs programs in network namespaces. Without root, or where a program is not installed, it is skipped; in CI it
    /// fails there.
    static func node(with programs: String...) -> Self {
        let isCI = ProcessInfo.processInfo.environment["CI"] != nil
        let lacking = Privileges.isRoot ? programs.filter { !isInstalled($0) } : ["root"]
        return .enabled(
            if: isCI || lacking.isEmpty,
            "needs \(lacking.joined(separator: ", ")): as root, make deps installs it")
    }

    private static func isInstalled(_ program: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}

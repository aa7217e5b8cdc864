import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// Who runs on which processor.
enum ProcessorPlan {
    /// Takes the last processor away from this process and what it starts, for what is measured.
    ///
    /// - Returns: the number of that processor; nil where there is one alone.
    static func divide() throws -> Int? {
        let count = MachineFacts.read().processorCount
        guard count > 1 else { return nil }
        let last = count - 1
        try Tool.run(
            "taskset", "-apc", "0-\(last - 1)", "\(ProcessInfo.processInfo.processIdentifier)", in: .current())
        return last
    }
}

/// Programs whose versions belong to the figures.
enum ToolVersions {
    static func read() throws -> [String: String] {
        ["nft": try first(["nft", "--version"])]
    }

    private static func first(_ command: [String]) throws -> String {
        String(try Tool.run(command, in: .current()).prefix { !$0.isNewline })
    }
}

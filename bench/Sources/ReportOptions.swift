import ArgumentParser
import BenchReport
import FoundationEssentials
import Netlink

/// What becomes of a report.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Print the report as JSON in place of tables.")
    var json = false

    @Option(help: ArgumentHelp("Write the report as JSON into this file, too.", valueName: "file"))
    var out: String?

    @Flag(help: "Tell nothing on standard error meanwhile.")
    var quiet = false

    /// As it can be given again: by its name, without the folder.
    static var commandLine: [String] {
        [CommandLine.arguments[0].split(separator: "/").last.map(String.init) ?? ""] + CommandLine.arguments.dropFirst()
    }

    var command: [String] { Self.commandLine }

    func progress(_ line: String) {
        if !quiet { Progress.tell(line) }
    }

    /// - Throws: `BenchmarkError` for a report without a figure.
    func write(_ report: Report) throws {
        guard !report.measurements.isEmpty else { throw BenchmarkError(description: "nothing was measured") }
        let bytes = try report.json
        if let out { try bytes.write(to: URL(filePath: out)) }
        Output.printLine(json ? String(decoding: bytes, as: UTF8.self) : report.text)
    }
}

/// Programs of this project.
enum BenchPrograms {
    /// The path of another that lies where this one does.
    static func beside(_ name: String) -> String {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return (own.split(separator: "/", omittingEmptySubsequences: false).dropLast() + [name[...]]).joined(
            separator: "/")
    }
}

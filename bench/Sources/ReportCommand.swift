import ArgumentParser
import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// `fairlead-bench report`: reports in JSON as text, Markdown and plots.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Turn reports of JSON into tables, Markdown and plots.",
        discussion: """
            EXAMPLES
              fairlead-bench report bench/results/*.json --plots bench/plots --png
              fairlead-bench report bench/results/*.json --markdown bench/RESULTS.md --append bench/profile.md --plots bench/plots
            """)

    @Argument(help: "Files that --out of a measurement wrote. Without any, only whether --png works is told.")
    var files: [String] = []

    @Option(help: "Write Markdown into this file, with links to the plots where there are some.")
    var markdown: String?

    @Option(help: "What the Markdown begins with: a file.")
    var prepend: String?

    @Option(help: "What the Markdown ends with: a file.")
    var append: String?

    @Option(help: "Write SVG plots into this folder.")
    var plots: String?

    @Option(help: "Only plots whose names hold one of these words.")
    var only: [String] = []

    @Flag(help: "Plots as PNG, too, by rsvg-convert or ImageMagick's convert.")
    var png = false

    func run() throws {
        // Before the work, so that nothing is half written.
        let converter = png ? try PNGConverter.find() : nil
        guard !files.isEmpty else {
            if png { return }
            throw ValidationError("no file of a measurement")
        }
        let reports = try files.map { try Report(json: Data(contentsOf: URL(filePath: $0))) }
        let names = try writePlots(reports, converter)
        if let markdown {
            let head =
                try prepend.map { String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self) } ?? ""
            let end = try append.map { String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self) } ?? ""
            let figures = reports.map(\.markdown).joined(separator: "\n")
            let links = names.map { name in
                "![\(name)](\(RelativePath.path(to: "\(plots ?? "")/\(name).svg", from: markdown)))\n"
            }.joined(separator: "\n")
            let parts = [head, figures, links.isEmpty ? "" : "## Plots\n\n" + links, end].filter { !$0.isEmpty }
            try Data(parts.joined(separator: "\n").utf8).write(to: URL(filePath: markdown))
        } else {
            for report in reports { Output.printLine(report.text + "\n") }
        }
    }

    /// - Returns: their names, without folder and extension.
    private func writePlots(_ reports: [Report], _ converter: PNGConverter?) throws -> [String] {
        guard let plots else { return [] }
        try FileManager.default.createDirectory(atPath: plots, withIntermediateDirectories: true)
        var names: [String] = []
        for (number, report) in reports.enumerated() {
            for plot in report.plots where only.isEmpty || only.contains(where: { plot.name.contains($0) }) {
                // Two reports may be of the same scenarios.
                let name = names.contains(plot.name) ? "\(plot.name)-\(number + 1)" : plot.name
                try Data(try plot.plot.svg().utf8).write(to: URL(filePath: "\(plots)/\(name).svg"))
                try converter?.run("\(plots)/\(name)")
                names.append(name)
            }
        }
        return names
    }
}

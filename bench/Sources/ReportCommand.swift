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

    @Argument(help: "Files that --out of a measurement wrote.")
    var files: [String]

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
        let converter = png ? try Self.converter() : nil
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
    private func writePlots(_ reports: [Report], _ converter: [String]?) throws -> [String] {
        guard let plots else { return [] }
        try FileManager.default.createDirectory(atPath: plots, withIntermediateDirectories: true)
        var names: [String] = []
        for plot in reports.flatMap(\.plots) where only.isEmpty || only.contains(where: { plot.name.contains($0) }) {
            let path = "\(plots)/\(plot.name)"
            try Data(try plot.plot.svg().utf8).write(to: URL(filePath: path + ".svg"))
            if let converter {
                try Tool.run(converter + ["\(path).svg"] + converterEnd(converter, path), in: .current())
            }
            names.append(plot.name)
        }
        return names
    }

    private func converterEnd(_ converter: [String], _ path: String) -> [String] {
        converter[0] == "rsvg-convert" ? ["-o", "\(path).png"] : ["\(path).png"]
    }

    /// - Throws: `BenchmarkError` where there is none.
    private static func converter() throws -> [String] {
        for command in ["rsvg-convert", "convert"] {
            if (try? Tool.run("sh", "-c", "command -v \(command)", in: .current())) != nil { return [command] }
        }
        throw BenchmarkError(
            description: "--png needs rsvg-convert (librsvg2-bin) or convert (imagemagick), and there is neither")
    }
}

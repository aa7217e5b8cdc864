import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

/// A program that makes PNG of SVG.
enum PNGConverter: String, CaseIterable {
    case rsvgConvert = "rsvg-convert"
    /// ImageMagick's.
    case convert

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
    private static let trial =
        #"<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="white"/></svg>"#

    /// The first that works: one may be there and lack what it needs for SVG.
    ///
    /// - Throws: `BenchmarkError` where there is none, with what each says.
    static func find() throws -> PNGConverter {
        let folder = FileManager.default.temporaryDirectory.appending(path: "png-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/trial"
        try Data(Self.trial.utf8).write(to: URL(filePath: path + ".svg"))
        var reasons: [String] = []
        for converter in allCases {
            do {
                try converter.run(path)
                return converter
            } catch {
                reasons.append("\(error)".split(separator: "\n").joined(separator: " "))
            }
        }
        throw BenchmarkError(
            description: "--png needs rsvg-convert (librsvg2-bin) or convert (imagemagick), and neither works: "
                + reasons.joined(separator: "; "))
    }

    /// Writes `path`.png beside `path`.svg.
    ///
    /// - Throws: `Tool.Failure`, or `BenchmarkError` where what was written is no PNG.
    func run(_ path: String) throws {
        let (source, target) = ("\(path).svg", "\(path).png")
        let arguments =
            switch self {
            case .rsvgConvert: [source, "-o", target]
            case .convert: [source, target]
            }
        try Tool.run([rawValue] + arguments, in: .current())
        guard try Data(contentsOf: URL(filePath: target)).starts(with: Self.signature) else {
            throw BenchmarkError(description: "\(rawValue) wrote no PNG into \(target)")
        }
    }
}

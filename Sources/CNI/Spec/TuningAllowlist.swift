import Netlink

/// The kernel parameters that the node's administrator lets configurations set, as for the reference plugin `tuning`: a regular
/// expression a line, which has to match some part of the name. Where there is no such file, all below `net` may be set.
package struct TuningAllowlist {
    package static let defaultPath = "/etc/cni/tuning/allowlist.conf"

    /// Nil where there is no file.
    private let patterns: [String]?
    private let path: String

    /// - Throws: `CNIError` with `ioFailure` when there is a file that cannot be read.
    package init(_ path: String = defaultPath) throws(CNIError) {
        self.path = path
        do throws(SystemError) {
            let content = try FileContents.read(path, limitBytes: 1 << 16)
            patterns = String(decoding: content, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(whereSeparator: \.isWhitespace)
                return words.isEmpty ? nil : words.joined(separator: " ")
            }
        } catch {
            guard error.isMissingFile else {
                throw CNIError(.ioFailure, "the list of parameters that may be set", details: error.description)
            }
            patterns = nil
        }
    }

    /// - Parameter name: As the configuration spells it.
    /// - Throws: `CNIError` with `badConfiguration` for a name that no line matches, and for a line that is no expression.
    package func check(_ name: String) throws(CNIError) {
        guard let patterns else { return }
        for pattern in patterns {
            guard let expression = ExtendedRegularExpression(pattern) else {
                throw CNIError(.badConfiguration, "\(path): '\(pattern)' is not a regular expression")
            }
            if expression.matches(name) { return }
        }
        throw CNIError(.badConfiguration, "sysctl.\(name): not allowed by \(path)")
    }
}

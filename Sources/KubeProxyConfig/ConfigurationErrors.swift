/// Why a configuration cannot be used: every problem that was found.
package struct ConfigurationErrors: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each with its file, line and field, or its flag: "config.conf, line 12: conntrack.min: must be …".
    package let problems: [String]

    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}

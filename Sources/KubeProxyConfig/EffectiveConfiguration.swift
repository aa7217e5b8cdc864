import KubeAPI

/// A configuration that can be run, and what is to be logged about it.
package struct EffectiveConfiguration: Sendable, Equatable {
    /// Complete and valid: its mode is `nftables`.
    package let configuration: KubeProxyConfiguration
    /// What an operator may want to know, a line each.
    package let notices: [String]
    /// What has not the effect that it asks for, a line each, with its field.
    package let warnings: [String]

    /// Completes and checks a configuration.
    ///
    /// - Parameter file: What it was read from, if it was, for the lines of fields and for the file's own warnings.
    /// - Throws: `ConfigurationErrors` with all problems.
    package init(
        checking source: KubeProxyConfiguration, from file: ConfigurationFile? = nil
    ) throws(ConfigurationErrors) {
        var findings = Findings()
        var configuration = source
        configuration.complete(&findings)
        configuration.validate(&findings)
        configuration.checkSupport(&findings)
        func lines(_ errors: [FieldError]) -> [String] { errors.map { file?.describe($0) ?? $0.description } }
        guard findings.errors.isEmpty else { throw ConfigurationErrors(problems: lines(findings.errors)) }
        self.configuration = configuration
        notices = lines(findings.notices)
        warnings = (file?.warnings ?? []) + lines(findings.warnings)
    }
}

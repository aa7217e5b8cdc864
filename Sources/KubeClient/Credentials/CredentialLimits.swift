/// How long credentials are used, and how much a plugin may take.
package struct CredentialLimits: Sendable {
    /// The age at which a token file is read again: below a minute, as the kubelet writes a new token well before the
    /// old one expires.
    package var tokenFileAge: Duration = .seconds(50)
    /// How long a plugin may run.
    package var pluginTimeout: Duration = .seconds(60)
    /// How long a plugin has to end after SIGTERM, before SIGKILL.
    package var pluginGrace: Duration = .seconds(2)
    /// What a plugin may write to each of its outputs, in bytes.
    package var pluginOutputByteCount = 1 << 20

    package init() {}
}

/// How long a connection waits, and how often it looks at its files.
package struct ConnectionLimits: Sendable {
    /// From the start of a connection until its TLS handshake is done.
    package var connectTimeout: Duration = .seconds(10)
    /// How often the files of certificates and keys are read; also after each failure to connect and each 401.
    package var fileReloadInterval: Duration = .seconds(10)
    /// How long a connection without a request is kept.
    package var idleConnectionTimeout: Duration = .seconds(60)
    package var credentials = CredentialLimits()

    package init() {}
}

/// How the server shows who it is, and the client.
package struct TLSOptions: Sendable, Hashable {
    /// The CAs that are trusted; nil for those of the system.
    package var authority: PEMSource?
    /// Sent with each connection, where there is one.
    package var clientCertificate: ClientCertificate?
    /// The name that the server's certificate has to be for, in place of the host that is connected to.
    package var serverName: String?
    /// The server's certificate is not looked at: anybody can be the server.
    package var skipsVerification = false

    package init() {}
}

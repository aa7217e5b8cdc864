/// How requests say who makes them. A client certificate is a matter of TLS and goes with any of them.
package enum CredentialMethod: Sendable {
    /// Not at all.
    case none
    case token(Secret)
    /// Read anew every minute, and at once when the server refuses the token.
    ///
    /// - Parameter otherwise: the token where the file cannot be read.
    case tokenFile(path: String, otherwise: Secret?)
    case basic(username: String, password: Secret)
    case exec(ExecPlugin)
}

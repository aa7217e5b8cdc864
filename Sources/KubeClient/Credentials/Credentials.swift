import FoundationEssentials
import KubeAPI

/// What a request shows to the server, for as long as it is valid.
struct Credentials: Sendable, Equatable {
    /// The value of the header `Authorization`.
    var authorization: Secret?
    /// A client certificate in PEM and its key, from a plugin.
    var certificate: Secret?
    var key: Secret?
    /// nil where they do not expire.
    var expiry: Timestamp?

    init() {}

    init(bearer token: Secret?) { authorization = token.map { Secret(bytes: Array("Bearer ".utf8) + $0.bytes) } }

    init(username: String, password: Secret) {
        let login = Data(Array(username.utf8) + [UInt8(ascii: ":")] + password.bytes)
        authorization = Secret("Basic \(login.base64EncodedString())")
    }
}

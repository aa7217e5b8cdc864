import AsyncHTTPClient
import KubeAPI
import NIOCore
import NIOPosix
import NIOSSL

/// Why a server was not reached, in words; never with a header's value.
enum ConnectionFailure {
    static func cause(of error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: cause(of: error)
        case let error as NIOConnectionError: cause(of: error)
        case let error as IOError: reason(of: error)
        case let error as NIOSSLError: cause(of: error)
        case let error as NIOSSLExtraError: tls("\(error)")
        case let error as BoringSSLError: tls("\(error)")
        case let error as WrongIdentity: "TLS: the server's certificate is not for \(error.expected)"
        case let error as ProxyGreeting.Refusal: error.description
        case let error as ProxyTunnel.ProxyFailure: "on the way to the proxy: \(cause(of: error.cause))"
        case ChannelError.connectTimeout: "timed out while connecting"
        case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.inputClosed, ChannelError.alreadyClosed:
            "the connection was closed"
        default: "\(type(of: error)): \("\(error)".quotable)"
        }
    }

    private static func cause(of error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: "timed out while connecting"
        case .tlsHandshakeTimeout: "timed out in the TLS handshake"
        case .remoteConnectionClosed: "the connection was closed"
        case .alreadyShutdown, .cancelled, .requestStreamCancelled: "the client was closed"
        default: error.shortDescription
        }
    }

    private static func cause(of error: NIOConnectionError) -> String {
        if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
            return "no address for the name '\(error.host.quotable)'"
        }
        let causes = error.connectionErrors.map { "\($0.target): \(cause(of: $0.error))" }
        return causes.isEmpty ? "no address to connect to" : causes.joined(separator: ", ")
    }

    private static func cause(of error: NIOSSLError) -> String {
        switch error {
        case .handshakeFailed(let cause): tls("\(cause)")
        case .shutdownFailed, .uncleanShutdown: "TLS: the connection was cut"
        case .unableToValidateCertificate, .noCertificateToValidate:
            "TLS: the server's certificate could not be verified"
        default: tls("\(error)")
        }
    }

    /// BoringSSL's own words hold its reason in capitals.
    private static func tls(_ text: String) -> String {
        let known = [
            ("CERTIFICATE_VERIFY_FAILED", "the server's certificate is not one that the trusted CAs vouch for"),
            ("WRONG_VERSION_NUMBER", "the server does not speak TLS"),
            ("HTTP_REQUEST", "the server does not speak TLS"),
            ("CERTIFICATE_REQUIRED", "the server wants a client certificate"),
            ("BAD_CERTIFICATE", "the server refuses the client certificate"),
            ("UNKNOWN_CA", "the server does not trust the client certificate's CA"),
            ("CERTIFICATE_EXPIRED", "the server says that the client certificate has expired"),
            ("CERTIFICATE_UNKNOWN", "the server refuses the client certificate"),
            ("EOF during handshake", "the server closed the connection in the handshake"),
        ]
        return "TLS: \(known.first { text.contains($0.0) }?.1 ?? text.quotable)"
    }

    /// NIO's words are those of the C library with the call before them and the number behind.
    private static func reason(of error: IOError) -> String {
        let known = [
            ("Connection refused", "connection refused"), ("Connection reset", "the connection was reset"),
            ("Broken pipe", "the connection was reset"), ("Connection timed out", "timed out"),
            ("No route to host", "no route to the host"), ("Network is unreachable", "the network is unreachable"),
        ]
        let text = "\(error)"
        return known.first { text.contains($0.0) }?.1 ?? text.quotable
    }
}

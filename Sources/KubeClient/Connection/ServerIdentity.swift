import KubeAPI
import NIOSSL
import Net

/// Whom a certificate has to be for: a name or an address, as Go's crypto/x509 `VerifyHostname` has it. NIOSSL would also take a
/// certificate for the address that the socket is connected to, which is a proxy's, or what a lookup said.
enum ServerIdentity: Sendable, Equatable, CustomStringConvertible {
    /// In lower case, without a dot at its end.
    case name(String)
    case address(IPAddress)

    init(_ host: String) {
        if let address = IPAddress(parsing: host) {
            self = .address(address)
        } else {
            let name = host.lowercased()
            self = .name(name.hasSuffix(".") ? String(name.dropLast()) : name)
        }
    }

    /// What TLS asks the server for; nil for an address.
    var serverName: String? { if case .name(let name) = self { name } else { nil } }

    var description: String {
        switch self {
        case .name(let name): name.quotable
        case .address(let address): "\(address)"
        }
    }

    /// - Throws: `WrongIdentity` where the certificate is not for it.
    func verify(_ certificate: NIOSSLCertificate?) throws {
        let isRight = certificate?._subjectAlternativeNames().contains { alternative in
            switch (self, alternative.nameType) {
            case (.address(let address), .ipAddress): Array(alternative.contents) == address.bytes
            case (.name(let name), .dnsName):
                Self.matches(name, pattern: String(decoding: alternative.contents, as: UTF8.self))
            default: false
            }
        }
        guard isRight == true else { throw WrongIdentity(expected: self) }
    }

    /// A `*` stands for one label, the first, and for nothing less than that.
    static func matches(_ name: String, pattern: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let wanted = pattern.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count == wanted.count, labels.allSatisfy({ !$0.isEmpty }) else { return false }
        return zip(labels, wanted).enumerated().allSatisfy { index, pair in
            pair.0 == pair.1 || index == 0 && pair.1 == "*" && labels.count > 1
        }
    }
}

/// A certificate is for somebody else.
struct WrongIdentity: Error {
    let expected: ServerIdentity
}

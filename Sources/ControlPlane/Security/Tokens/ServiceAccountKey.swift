import Crypto
import FoundationEssentials

/// The key that service accounts' tokens are signed with (ES256). No description shows it.
package struct ServiceAccountKey: Sendable, CustomStringConvertible, CustomReflectable {
    let key: P256.Signing.PrivateKey
    /// As upstream derives it: the hash of the public key's DER, in base64url (pkg/serviceaccount/jwt.go).
    let identifier: String

    /// A new one.
    package init() { self.init(P256.Signing.PrivateKey()) }

    /// - Throws: for what is no P-256 key in PEM.
    package init(pem: String) throws { self.init(try P256.Signing.PrivateKey(pemRepresentation: pem)) }

    private init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        identifier = Base64URL.encode(SHA256.hash(data: key.publicKey.derRepresentation))
    }

    var pem: String { key.pemRepresentation + "\n" }
    var publicPEM: String { key.publicKey.pemRepresentation + "\n" }

    package var description: String { "service account key \(identifier)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// base64 with the alphabet for URLs and without padding (RFC 4648, section 5).
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in Data(bytes).base64EncodedString().utf8 {
            switch byte {
            case UInt8(ascii: "+"): text.append("-")
            case UInt8(ascii: "/"): text.append("_")
            case UInt8(ascii: "="): break
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }

    /// Nil for what is not such text.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var plain = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): plain.append("+")
            case UInt8(ascii: "_"): plain.append("/")
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: plain.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        while !plain.utf8.count.isMultiple(of: 4) { plain.append("=") }
        return Data(base64Encoded: plain).map { Array($0) }
    }
}

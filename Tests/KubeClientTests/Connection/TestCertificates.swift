import FoundationEssentials
import TestSupport

/// CAs and certificates, made with openssl in a folder of their own, once for all tests.
struct TestCertificates: Sendable {
    /// A certificate in PEM and its key, as files.
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    let folder: TemporaryFolder
    let authority: Pair
    let otherAuthority: Pair
    /// For 127.0.0.1, ::1 and localhost.
    let server: Pair
    /// The same, of the other CA.
    let otherServer: Pair
    /// For the name kube.test alone.
    let named: Pair
    /// For 127.0.0.2 alone.
    let secondAddress: Pair
    let client: Pair
    let otherClient: Pair

    private static let made = Result { try TestCertificates() }
    static var shared: TestCertificates { get throws { try made.get() } }

    private init() throws {
        folder = try TemporaryFolder()
        let folder = folder
        func make(_ name: String, _ names: String, by issuer: Pair?) throws -> Pair {
            let pair = Pair(certificate: "\(folder.path)/\(name).crt", key: "\(folder.path)/\(name).key")
            let extensions =
                issuer == nil
                ? "basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign,cRLSign"
                : "basicConstraints = CA:FALSE\nsubjectAltName = \(names)"
            let settings = try folder.write(
                "\(name).cnf",
                "[req]\ndistinguished_name = dn\nprompt = no\nx509_extensions = ext\n[dn]\nCN = \(name)\n[ext]\n\(extensions)\n"
            )
            var command = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-config", settings, "-keyout", pair.key, "-out", pair.certificate,
            ]
            if let issuer { command += ["-CA", issuer.certificate, "-CAkey", issuer.key] }
            try Tool.run(command, in: .current())
            return pair
        }
        authority = try make("ca", "", by: nil)
        otherAuthority = try make("other-ca", "", by: nil)
        server = try make("server", "IP:127.0.0.1,IP:::1,DNS:localhost", by: authority)
        otherServer = try make("other-server", "IP:127.0.0.1,DNS:localhost", by: otherAuthority)
        named = try make("named", "DNS:kube.test", by: authority)
        secondAddress = try make("second", "IP:127.0.0.2", by: authority)
        client = try make("client", "DNS:client", by: authority)
        otherClient = try make("other-client", "DNS:client", by: otherAuthority)
    }
}

/// A folder that goes with the last use of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "fairlead-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file in place of what was there, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, permissions: Int = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
        return file
    }

    /// Copies a file in place of what was there.
    func copy(_ file: String, as name: String) throws { try write(name, Self.text(file)) }

    static func text(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    }
}

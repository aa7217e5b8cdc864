import FoundationEssentials
import Net
import Testing
import X509

@testable import ControlPlane

@Suite struct PKIDirectoryTests {
    private static let day = 86_400.0

    @Test("all is made once, keys for their owner alone, and kept")
    func made() throws {
        let fixture = PKIFixture()
        let first = try fixture.pki.prepare(PKIFixture.profile())
        #expect(first.changes.count == 4)
        #expect(try fixture.permissions("") == 0o700)
        for key in ["ca.key", "apiserver.key", "admin.key", "sa.key"] {
            #expect(try fixture.permissions(key) == 0o600, "\(key)")
        }
        let texts = try ["ca.crt", "apiserver.crt", "admin.crt", "sa.key"].map(fixture.text)
        let second = try fixture.pki.prepare(PKIFixture.profile())
        #expect(second.changes.isEmpty)
        #expect(try ["ca.crt", "apiserver.crt", "admin.crt", "sa.key"].map(fixture.text) == texts)
        let names = try second.server.certificate.extensions.subjectAlternativeNames.map { "\($0)" } ?? ""
        for name in ["localhost", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "n1"] {
            #expect(names.contains(name), "\(names)")
        }
        #expect(second.administrator.certificate.subject == (try CertificateProfile.administrator.subject()))
    }

    @Test("a certificate that ends soon is replaced, under the same authority")
    func renewed() throws {
        let fixture = PKIFixture()
        _ = try fixture.pki.prepare(PKIFixture.profile())
        let (authority, admin) = (try fixture.text("ca.crt"), try fixture.text("admin.crt"))
        let early = try fixture.pki.prepare(PKIFixture.profile(), now: Date() + 200 * Self.day)
        #expect(early.changes.isEmpty)
        let late = try fixture.pki.prepare(PKIFixture.profile(), now: Date() + 300 * Self.day)
        #expect(late.changes.filter { $0.hasSuffix("it ends soon") }.count == 2, "\(late.changes)")
        #expect(try fixture.text("ca.crt") == authority && fixture.text("admin.crt") != admin)
    }

    @Test("a name that is asked for anew needs a new certificate of the server")
    func extraNames() throws {
        let fixture = PKIFixture()
        _ = try fixture.pki.prepare(PKIFixture.profile())
        let wider = try fixture.pki.prepare(PKIFixture.profile("api.example", "192.0.2.7"))
        #expect(wider.changes.count == 1 && wider.changes[0].hasSuffix("it lacks a name"), "\(wider.changes)")
        // Fewer names are asked for: it still has them.
        #expect(try fixture.pki.prepare(PKIFixture.profile()).changes.isEmpty)
    }

    @Test("an authority that is given is used, and what another one signed is replaced")
    func givenAuthority() throws {
        let (fixture, other) = (PKIFixture(), PKIFixture())
        _ = try fixture.pki.prepare(PKIFixture.profile())
        let given = try other.pki.prepare(PKIFixture.profile()).authority
        for name in ["ca.crt", "ca.key"] { try fixture.write(try other.text(name), name) }
        let contents = try fixture.pki.prepare(PKIFixture.profile())
        #expect(contents.changes.count == 2, "\(contents.changes)")
        #expect(contents.authority.pair.certificate == given.pair.certificate)
        let server = contents.server.certificate
        #expect(given.pair.certificate.publicKey.isValidSignature(server.signature, for: server))
    }

    @Test("a key whose certificate was never written gets it")
    func interrupted() throws {
        let fixture = PKIFixture()
        let first = try fixture.pki.prepare(PKIFixture.profile())
        try fixture.remove("ca.crt")
        let second = try fixture.pki.prepare(PKIFixture.profile())
        #expect(second.authority.pair.key.publicKey == first.authority.pair.key.publicKey)
        // The same key: what it has signed is good.
        #expect(second.changes.count == 1, "\(second.changes)")
    }

    @Test("what cannot be used is an error that names the file, and never its content")
    func unusable() throws {
        let fixture = PKIFixture()
        _ = try fixture.pki.prepare(PKIFixture.profile())
        let key = try fixture.text("ca.key")
        let faults = [
            ("ca.key", try fixture.text("admin.key"), "is not the key of ca.crt"),
            ("ca.key", "nonsense", "is not a private key in PEM"),
            ("ca.crt", "nonsense", "is not a certificate in PEM"),
            ("sa.key", "nonsense", "is not an ECDSA P-256 key in PEM"),
        ]
        for (name, text, problem) in faults {
            let good = try fixture.text(name)
            try fixture.write(text, name)
            let error = #expect(throws: PKIError.self) { try fixture.pki.prepare(PKIFixture.profile()) }
            #expect(error == PKIError(file: fixture.path(name), problem: problem))
            try fixture.write(good, name)
        }
        try fixture.remove("ca.key")
        let error = #expect(throws: PKIError.self) { try fixture.pki.prepare(PKIFixture.profile()) }
        #expect(error?.problem == "is missing beside ca.crt")
        try fixture.write(key, "ca.key")
        let ended = #expect(throws: PKIError.self) {
            try fixture.pki.prepare(PKIFixture.profile(), now: Date() + 4000 * Self.day)
        }
        #expect(ended?.file == fixture.path("ca.crt"))
    }

    @Test("no description shows a key")
    func descriptions() throws {
        let contents = try PKIFixture().pki.prepare(PKIFixture.profile())
        var text = ""
        dump(contents, to: &text)
        text += "\(contents)"
        #expect(!text.contains("PRIVATE"))
        let secret = contents.serviceAccounts.key.rawRepresentation.base64EncodedString()
        #expect(!text.contains(secret))
    }
}

import FoundationEssentials
import KubeAPI
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct TokenTests {
    /// The uids that there are, by the object's name.
    private final class Objects: Sendable {
        let uids = Mutex(["build": "u-1", "build-1": "u-2"])

        func tokens(_ key: ServiceAccountKey) -> ServiceAccountTokens {
            ServiceAccountTokens(key: key) { _, name, uid in
                name.namespace == "ci" && self.uids.withLock { $0[name.name] } == uid
            }
        }
    }

    private func claims(
        pod: ServiceAccountClaims.Reference? = nil, audiences: [String] = [ServiceAccountTokens.issuer],
        lifetimeSeconds: Int = 3600, now: Date = Date()
    ) -> ServiceAccountClaims {
        ServiceAccountClaims(
            namespace: "ci", serviceAccount: .init(name: "build", uid: "u-1"), pod: pod, audiences: audiences,
            lifetimeSeconds: lifetimeSeconds, now: now)
    }

    @Test("a token has upstream's claims and is read back")
    func claimsOfToken() async throws {
        let key = ServiceAccountKey()
        let tokens = Objects().tokens(key)
        let claims = claims(pod: .init(name: "build-1", uid: "u-2"))
        let token = try tokens.sign(claims)
        #expect(await tokens.claims(of: token) == claims)
        let parts = token.split(separator: ".")
        let header = try JSONValue(json: try #require(Base64URL.decode(parts[0])))
        #expect(header == ["alg": "ES256", "kid": .string(key.identifier)])
        let content = try JSONValue(json: try #require(Base64URL.decode(parts[1])))
        #expect(
            content["sub"] == "system:serviceaccount:ci:build" && content["iss"] == .string(ServiceAccountTokens.issuer)
        )
        #expect(content["aud"] == [.string(ServiceAccountTokens.issuer)])
        #expect(content["exp"]?.integer == (content["iat"]?.integer ?? 0) + 3600 && content["nbf"] == content["iat"])
        #expect(
            content["kubernetes.io"] == [
                "namespace": "ci", "serviceaccount": ["name": "build", "uid": "u-1"],
                "pod": ["name": "build-1", "uid": "u-2"],
            ])
        let user = claims.user.withAuthenticatedGroup
        #expect(user.name == "system:serviceaccount:ci:build" && user.uid == "u-1")
        #expect(user.groups == ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"])
        #expect(user.extra["authentication.kubernetes.io/pod-name"] == ["build-1"])
    }

    @Test("a token that is over, not yet valid, for others, or signed by another key is none")
    func refused() async throws {
        let tokens = Objects().tokens(ServiceAccountKey())
        let now = Date()
        for wrong in [
            claims(lifetimeSeconds: 600, now: now - 700), claims(now: now + 120), claims(audiences: ["vault"]),
        ] {
            #expect(await tokens.claims(of: try tokens.sign(wrong), now: now) == nil, "\(wrong)")
        }
        // Within the leeway of clocks.
        #expect(await tokens.claims(of: try tokens.sign(claims(lifetimeSeconds: 600, now: now - 630)), now: now) != nil)
        let other = try Objects().tokens(ServiceAccountKey()).sign(claims())
        #expect(await tokens.claims(of: other) == nil)
    }

    @Test("what is changed in a token makes it none")
    func tampered() async throws {
        let tokens = Objects().tokens(ServiceAccountKey())
        let good = try tokens.sign(claims()).split(separator: ".").map(String.init)
        var content = try JSONValue(json: try #require(Base64URL.decode(good[1])))
        content[["kubernetes.io", "namespace"]] = "kube-system"
        let none = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        for token in [
            "\(good[0]).\(Base64URL.encode(content.json)).\(good[2])", "\(none).\(good[1]).",
            "\(none).\(good[1]).\(good[2])",
            "\(good[0]).\(good[1])", "", "...", "a.b.c", "\(good[0]).\(good[1]).\(good[2]).x",
        ] {
            #expect(await tokens.claims(of: token) == nil, "\(token)")
        }
    }

    @Test("a token ends with its service account and with the Pod that it is bound to")
    func objectsGone() async throws {
        let objects = Objects()
        let tokens = objects.tokens(ServiceAccountKey())
        let free = try tokens.sign(claims())
        let bound = try tokens.sign(claims(pod: .init(name: "build-1", uid: "u-2")))
        objects.uids.withLock { $0["build-1"] = "another" }
        #expect(await tokens.claims(of: bound) == nil)
        #expect(await tokens.claims(of: free) != nil)
        objects.uids.withLock { $0["build"] = nil }
        #expect(await tokens.claims(of: free) == nil)
    }

    @Test("a token file is read as kube-apiserver reads it")
    func tokenFile() throws {
        let fixture = PKIFixture()
        _ = try fixture.pki.prepare(PKIFixture.profile())
        try fixture.write("t1,anna,1,\"dev,ops\"\n\n,nobody,2\nt2,\"bert \"\"b\"\"\",3\n", "tokens")
        let tokens = try StaticTokens(path: fixture.path("tokens"))
        #expect(tokens.user(of: "t1") == UserInfo(name: "anna", uid: "1", groups: ["dev", "ops"]))
        #expect(tokens.user(of: "t2") == UserInfo(name: "bert \"b\"", uid: "3"))
        #expect(tokens.user(of: "") == nil && tokens.user(of: "t3") == nil)
        var text = ""
        dump(tokens, to: &text)
        #expect(!text.contains("t1"))
        for (content, problem) in [
            ("t1,anna\n", "line 1: must have at least 3 columns (token, user name, user uid), found 2"),
            ("a,b,c\nt1,\"anna,1\n", "line 2: a quotation mark is not closed"),
        ] {
            try fixture.write(content, "tokens")
            let error = #expect(throws: PKIError.self) { try StaticTokens(path: fixture.path("tokens")) }
            #expect(error?.problem == problem)
        }
        #expect(throws: PKIError.self) { try StaticTokens(path: fixture.path("none")) }
    }
}

import Testing

@testable import KubeClient

@Suite struct ServerIdentityTests {
    @Test(arguments: [
        ("kube.test", "kube.test", true), ("kube.test", "KUBE.Test", true), ("a.kube.test", "*.kube.test", true),
        ("kube.test", "*.kube.test", false), ("a.b.kube.test", "*.kube.test", false), ("kube.test", "*.test", true),
        ("test", "*", false), ("kube.test", "*.*", false), ("kube.test", "ku*.test", false),
        ("a.kube.test", "a.*.test", false),
        ("kube.test", "kube.test.", false), ("kube.test", "", false), (".test", "*.test", false), ("", "", false),
    ])
    func namesAreComparedAsGoDoes(name: String, pattern: String, isRight: Bool) {
        #expect(ServerIdentity.matches(name, pattern: pattern) == isRight)
    }

    @Test func hostsAreNamesOrAddresses() {
        #expect(ServerIdentity("Kube.Test.") == .name("kube.test"))
        #expect(ServerIdentity("Kube.Test").serverName == "kube.test")
        #expect(ServerIdentity("fd00::0:1") == ServerIdentity("fd00::1"))
        #expect(ServerIdentity("10.0.0.1").serverName == nil)
        #expect("\(ServerIdentity("10.0.0.1")) \(ServerIdentity("kube.test"))" == "10.0.0.1 kube.test")
    }

    @Test func withoutACertificateNobodyIsRight() {
        #expect(throws: WrongIdentity.self) { try ServerIdentity("kube.test").verify(nil) }
    }
}

import FoundationEssentials
import Net

@testable import ControlPlane

/// A directory of keys and certificates that is removed with this.
final class PKIFixture: Sendable {
    let root: String
    var pki: PKIDirectory { PKIDirectory(path: "\(root)/pki") }

    init() { root = FileManager.default.temporaryDirectory.path(percentEncoded: false) + "fairlead-\(UUID())" }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    static func profile(_ extraNames: String...) -> CertificateProfile {
        .apiServer(nodeName: "n1", addresses: [IPAddress(v4: 0x0A60_0001)], extraNames: extraNames)
    }

    func path(_ name: String) -> String { "\(root)/pki/\(name)" }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: path(name))) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    func permissions(_ name: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int ?? -1
    }
}

import FoundationEssentials

@testable import KubeClient

/// A credential plugin: the shell with a script in a folder of its own, which is also where it works.
struct TestPlugin {
    let folder: TemporaryFolder
    var exec: ExecPlugin

    /// - Parameters:
    ///   - script: sets `token`, if it does not end before.
    ///   - expiry: the `expirationTimestamp`.
    init(_ script: String, expiry: String? = nil, version: ExecPlugin.Version = .v1) throws {
        let expires = expiry.map { #""expirationTimestamp":"\#($0)","# } ?? ""
        let status = #"{\#(expires)"token":"'"$token"'"}"#
        try self.init(
            whole: """
                \(script)
                echo '{"apiVersion":"\(version.rawValue)","kind":"ExecCredential","status":\(status)}'
                """, version: version)
    }

    init(certificate: String, key: String) throws {
        let status = ["clientCertificateData": certificate, "clientKeyData": key]
        let json = String(decoding: try JSONEncoder().encode(status), as: UTF8.self)
        try self.init(
            whole: """
                cat <<'END'
                {"apiVersion":"\(ExecPlugin.Version.v1.rawValue)","kind":"ExecCredential","status":\(json)}
                END
                """, version: .v1)
    }

    /// - Parameter script: all of it.
    init(whole script: String, version: ExecPlugin.Version = .v1) throws {
        folder = try TemporaryFolder()
        let file = try folder.write("plugin", "cd \(folder.path)\n\(script)\n")
        exec = ExecPlugin(command: "/bin/sh", version: version, place: "kubeconfig test: user 'jane'")
        // Not a program itself: as long as a child that another test has just forked has it open for writing, it cannot be run.
        exec.arguments = [file]
    }

    /// What the script has counted.
    var runs: Int {
        get throws { Int(try TemporaryFolder.text("\(folder.path)/count").filter { !$0.isWhitespace }) ?? 0 }
    }
}

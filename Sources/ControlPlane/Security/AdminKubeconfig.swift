import FoundationEssentials
import Netlink

/// The file that makes `kubectl` the administrator of this control plane.
package struct AdminKubeconfig: Sendable {
    /// `https://127.0.0.1:6443`.
    let server: String
    let contents: PKIDirectory.Contents

    package init(server: String, contents: PKIDirectory.Contents) {
        self.server = server
        self.contents = contents
    }

    /// Writes it for its owner alone, where it is not so already.
    ///
    /// - Throws: `PKIError`.
    package func write(to path: String) throws(PKIError) {
        let bytes: [UInt8]
        do { bytes = Array(try text().utf8) } catch {
            throw PKIError(file: path, problem: "cannot be made: \(error)")
        }
        do throws(SystemError) {
            if let held = try? FileContents.read(path, limitBytes: 1 << 20), held == bytes { return }
            if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                try Directory.make(String(path[..<slash]))
            }
            try AtomicFile.write(bytes, to: path, permissions: 0o600)
        } catch {
            throw PKIError(file: path, problem: "cannot be written: \(error)")
        }
    }

    private func text() throws -> String {
        """
        apiVersion: v1
        kind: Config
        clusters:
          - name: fairlead
            cluster:
              server: \(server)
              certificate-authority-data: \(Self.base64(try contents.authority.pair.certificatePEM()))
        users:
          - name: kubernetes-admin
            user:
              client-certificate-data: \(Self.base64(try contents.administrator.certificatePEM()))
              client-key-data: \(Self.base64(try contents.administrator.keyPEM()))
        contexts:
          - name: kubernetes-admin@fairlead
            context:
              cluster: fairlead
              user: kubernetes-admin
        current-context: kubernetes-admin@fairlead

        """
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}

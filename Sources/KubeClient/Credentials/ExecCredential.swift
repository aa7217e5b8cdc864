import FoundationEssentials
import KubeAPI

/// What is passed to a plugin, and back (client.authentication.k8s.io `ExecCredential`).
enum ExecCredential {
    /// The variable of the plugin's environment that holds the request.
    static let variable = "KUBERNETES_EXEC_INFO"

    /// The request as JSON.
    ///
    /// - Throws: `LocalFile.Failure` where the cluster's CA cannot be read.
    static func request(for plugin: ExecPlugin) throws -> String {
        var spec: [String: JSONValue] = ["interactive": .bool(false)]
        if let cluster = plugin.cluster { spec["cluster"] = .object(try fields(of: cluster)) }
        let request: [String: JSONValue] = [
            "apiVersion": .string(plugin.version.rawValue), "kind": .string("ExecCredential"), "spec": .object(spec),
        ]
        return String(decoding: try JSON.encode(request), as: UTF8.self)
    }

    private static func fields(of cluster: ExecPlugin.Cluster) throws -> [String: JSONValue] {
        var fields: [String: JSONValue] = ["server": .string(cluster.server)]
        if !cluster.serverName.isEmpty { fields["tls-server-name"] = .string(cluster.serverName) }
        if cluster.skipsVerification { fields["insecure-skip-tls-verify"] = .bool(true) }
        if let authority = cluster.authority {
            fields["certificate-authority-data"] = .string(Data(try authority.read()).base64EncodedString())
        }
        if !cluster.proxy.isEmpty { fields["proxy-url"] = .string(cluster.proxy) }
        if cluster.disablesCompression { fields["disable-compression"] = .bool(true) }
        fields["config"] = cluster.configuration
        return fields
    }

    /// What the plugin printed, as credentials.
    ///
    /// - Throws: `Failure`, which holds nothing of the output.
    static func credentials(from output: [UInt8], version: ExecPlugin.Version) throws(Failure) -> Credentials {
        let answer: Answer
        do {
            answer = try DecodingProblem.decode(Answer.self, from: Data(output))
        } catch {
            throw Failure(problem: "its output is no ExecCredential: \(error)")
        }
        guard answer.kind == "ExecCredential", answer.apiVersion == version.rawValue else {
            throw Failure(problem: "its output is no ExecCredential of \(version.rawValue)")
        }
        guard let status = answer.status else { throw Failure(problem: "its output has no status") }
        let certificate = status.clientCertificateData.flatMap { $0.bytes.isEmpty ? nil : $0 }
        let key = status.clientKeyData.flatMap { $0.bytes.isEmpty ? nil : $0 }
        guard (certificate == nil) == (key == nil) else {
            throw Failure(problem: "its output has only one of clientCertificateData and clientKeyData")
        }
        let token = status.token.flatMap { $0.bytes.isEmpty ? nil : $0 }
        guard token != nil || certificate != nil else {
            throw Failure(problem: "its output has neither a token nor a client certificate")
        }
        if let token, !token.isSendable {
            throw Failure(problem: "its token has characters that no header may have")
        }
        var credentials = Credentials(bearer: token)
        credentials.certificate = certificate
        credentials.key = key
        credentials.expiry = status.expirationTimestamp
        return credentials
    }

    /// Why a plugin gave no credentials.
    struct Failure: Error {
        let problem: String
    }

    private struct Answer: Decodable {
        let apiVersion: String?
        let kind: String?
        let status: Status?
    }

    private struct Status: Decodable {
        let expirationTimestamp: Timestamp?
        let token: Secret?
        let clientCertificateData: Secret?
        let clientKeyData: Secret?
    }
}

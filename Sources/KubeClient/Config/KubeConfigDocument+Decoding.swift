import FoundationEssentials
import KubeAPI

extension KubeConfigDocument.Cluster {
    private struct Extension: Decodable {
        let name: String?
        let `extension`: JSONValue?
    }

    /// The name of the extension that exec plugins are given (clientcmd/client_config.go).
    private static let pluginExtension = "client.authentication.k8s.io/exec"

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyCodingKey.self)
        server = try fields.value("server", default: "")
        serverName = try fields.value("tls-server-name", default: "")
        skipsVerification = try fields.value("insecure-skip-tls-verify", default: false)
        authority = try fields.value("certificate-authority", default: "")
        authorityData = try fields.base64("certificate-authority-data")
        proxy = try fields.value("proxy-url", default: "")
        disablesCompression = try fields.value("disable-compression", default: false)
        let extensions = try fields.value("extensions", default: [Extension]())
        pluginConfiguration = extensions.first { $0.name == Self.pluginExtension }?.extension
    }
}

extension KubeConfigDocument.User {
    private struct AuthProvider: Decodable {
        let name: String?
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyCodingKey.self)
        certificate = try fields.value("client-certificate", default: "")
        certificateData = try fields.base64("client-certificate-data")
        clientKey = try fields.value("client-key", default: "")
        clientKeyData = try fields.base64("client-key-data")
        token = try fields.secret("token")
        tokenFile = try fields.value("tokenFile", default: "")
        impersonate = try fields.value("as", default: "")
        impersonateUID = try fields.value("as-uid", default: "")
        impersonateGroups = try fields.value("as-groups", default: [])
        impersonateExtra = try fields.value("as-user-extra", default: [:])
        username = try fields.value("username", default: "")
        password = try fields.secret("password")
        authProvider = try fields.decodeIfPresent(AuthProvider.self, forKey: "auth-provider").map { $0.name ?? "" }
        exec = try fields.decodeIfPresent(KubeConfigDocument.Exec.self, forKey: "exec")
    }
}

extension KubeConfigDocument.Exec {
    private struct Variable: Decodable {
        let name: String?
        let value: Secret?
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyCodingKey.self)
        command = try fields.value("command", default: "")
        arguments = try fields.value("args", default: [])
        environment = try fields.value("env", default: [Variable]()).map { ($0.name ?? "", $0.value ?? Secret("")) }
        apiVersion = try fields.value("apiVersion", default: "")
        installHint = try fields.value("installHint", default: "")
        providesClusterInfo = try fields.value("provideClusterInfo", default: false)
        interactiveMode = try fields.value("interactiveMode", default: "")
    }
}

extension KubeConfigDocument.Context {
    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyCodingKey.self)
        cluster = try fields.value("cluster", default: "")
        user = try fields.value("user", default: "")
        namespace = try fields.value("namespace", default: "")
    }
}

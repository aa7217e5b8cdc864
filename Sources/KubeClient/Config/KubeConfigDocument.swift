import FoundationEssentials
import KubeAPI

/// A kubeconfig as it is written (clientcmd/api/v1 `Config`). Fields that are not known are ignored, as clientcmd does.
struct KubeConfigDocument: Decodable {
    var clusters: [Named<Cluster>] = []
    var users: [Named<User>] = []
    var contexts: [Named<Context>] = []
    var currentContext = ""

    private enum CodingKeys: String, CodingKey {
        case kind, apiVersion, clusters, users, contexts
        case currentContext = "current-context"
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        try Self.check(fields, .kind, is: "Config")
        try Self.check(fields, .apiVersion, is: "v1")
        clusters = try fields.value(.clusters, default: [])
        users = try fields.value(.users, default: [])
        contexts = try fields.value(.contexts, default: [])
        currentContext = try fields.value(.currentContext, default: "")
    }

    private static func check(
        _ fields: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys, is expected: String
    ) throws {
        let found = try fields.value(key, default: "")
        guard found.isEmpty || found == expected else {
            throw FieldError(
                path: FieldPath([.field(key.stringValue)]),
                problem: "expected '\(expected)', found '\(found.quotable)'")
        }
    }

    struct Cluster: KubeConfigEntry {
        static let key = "cluster"
        var server = ""
        var serverName = ""
        var skipsVerification = false
        var authority = ""
        var authorityData: Secret?
        var proxy = ""
        var disablesCompression = false
        /// The extension that is for exec plugins, as JSON.
        var pluginConfiguration: JSONValue?
    }

    struct User: KubeConfigEntry {
        static let key = "user"
        var certificate = ""
        var certificateData: Secret?
        var clientKey = ""
        var clientKeyData: Secret?
        var token: Secret?
        var tokenFile = ""
        var impersonate = ""
        var impersonateUID = ""
        var impersonateGroups: [String] = []
        var impersonateExtra: [String: [String]] = [:]
        var username = ""
        var password: Secret?
        /// The name of the `auth-provider`, which nothing supports any longer.
        var authProvider: String?
        var exec: Exec?
    }

    struct Exec: Decodable {
        var command = ""
        var arguments: [String] = []
        var environment: [(name: String, value: Secret)] = []
        var apiVersion = ""
        var installHint = ""
        var providesClusterInfo = false
        var interactiveMode = ""
    }

    struct Context: KubeConfigEntry {
        static let key = "context"
        var cluster = ""
        var user = ""
        var namespace = ""
    }
}

/// What a kubeconfig has lists of.
protocol KubeConfigEntry: Decodable {
    /// The field of the list's items that holds it; also what it is called in errors.
    static var key: String { get }
    init()
}

/// An item of one of a kubeconfig's lists.
struct Named<Entry: KubeConfigEntry>: Decodable {
    let name: String
    let entry: Entry

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: AnyCodingKey.self)
        name = try fields.value(AnyCodingKey("name"), default: "")
        entry = try fields.value(AnyCodingKey(Entry.key), default: Entry())
    }
}

import KubeAPI
import Testing

@testable import APIMachinery

/// A row of a table of rules: what of a good object is changed, and all that is said about it then.
struct RuleRow: Sendable, CustomTestStringConvertible {
    /// JSON text by path of fields: `spec.ports` → `[]`.
    let changes: [String: String]
    let expected: [String]

    init(_ changes: [String: String], _ expected: String...) {
        self.changes = changes
        self.expected = expected
    }

    var testDescription: String { "\(changes.sorted { $0.key < $1.key })" }

    /// What the rules of a kind say, where `base` is the good object, and `old` what it replaces.
    func complaints(_ word: String, _ base: String, over old: String? = nil, ofStatus: Bool = false) throws -> [String]
    {
        let rules = try KindTable.row(word)
        var object = try object(base)
        for (path, json) in changes.sorted(by: { $0.key < $1.key }) {
            let keys = path.split(separator: ".").map { String($0) }
            object[keys] = json == "-" ? nil : try JSONValue(json: Array(json.utf8))
        }
        rules.setDefaults(&object)
        guard let old else {
            rules.prepare(&object, nil)
            return rules.failures(object, nil).map(\.description)
        }
        var before = try APIMachineryTests.object(old)
        rules.setDefaults(&before)
        rules.prepare(&before, nil)
        if ofStatus {
            rules.prepareStatus(&object, before)
            return rules.statusFailures(object, before).map(\.description)
        }
        rules.prepare(&object, before)
        return rules.failures(object, before).map(\.description)
    }
}

/// Texts of rules that are long.
enum Words {
    static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + #"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#
    static let key =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    static let labelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
        + "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    static let configKey =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  "
        + "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
    static let address = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    static let network = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
    static let port = "must be between 1 and 65535, inclusive"
}

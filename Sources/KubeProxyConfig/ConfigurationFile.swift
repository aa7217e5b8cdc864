import FoundationEssentials
import KubeAPI
import Manifest

/// kube-proxy's configuration file, decoded and with upstream's defaults, not yet checked.
///
/// As upstream, unknown fields are no errors but warnings, and so are keys that are given twice, of which the last counts
/// (cmd/kube-proxy/app/options.go `loadConfig`).
package struct ConfigurationFile {
    /// For messages: the path.
    package let name: String
    /// The text that was read.
    package let text: String
    package let configuration: KubeProxyConfiguration
    /// Each unknown field and each key that comes again, with file and line.
    package private(set) var warnings: [String] = []
    private let document: YAMLDocument

    /// Reads YAML or JSON.
    ///
    /// - Throws: `ConfigurationErrors` for text that is neither, another kind or version, and fields of a wrong type.
    package init(name: String, text: String) throws(ConfigurationErrors) {
        let (document, fields) = try Self.fields(of: text, name: name)
        self.name = name
        self.text = text
        self.document = document
        if let problem = Self.headerProblem(fields) { throw ConfigurationErrors(problems: ["\(name): \(problem)"]) }
        var exchange = FieldExchange(reading: fields)
        var configuration = KubeProxyConfiguration.read(&exchange)
        configuration.applyDefaults()
        self.configuration = configuration
        let errors = exchange.errors.map { Self.describe($0, document, name) }
        guard errors.isEmpty else { throw ConfigurationErrors(problems: errors) }
        warnings = document.repeatedKeys.map {
            "\(name), line \($0.line): key '\($0.name.quotable)' is given again further down; the last one counts"
        }
        warnings += exchange.unknown.map { Self.describe($0, document, name) + "; it is ignored" }
        if document.hasSuccessors { warnings.append("\(name): only the first document of the file is read") }
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: `ConfigurationErrors`, also when it cannot be read.
    package init(path: String) throws(ConfigurationErrors) {
        try self.init(name: path, text: try Self.read(path))
    }

    /// The text of a file.
    package static func read(_ path: String) throws(ConfigurationErrors) -> String {
        let problem: String
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= 1 << 20 else { throw ConfigurationErrors(problems: ["\(path): larger than 1 MiB"]) }
            if let text = String(validating: data, as: UTF8.self) { return text }
            problem = "not UTF-8 text"
        } catch let error as ConfigurationErrors {
            throw error
        } catch {
            switch (error as? CocoaError)?.code {
            case .fileReadNoSuchFile?, .fileNoSuchFile?: problem = "no such file"
            case .fileReadNoPermission?: problem = "permission denied"
            default: problem = "cannot be read: \(error)"
            }
        }
        throw ConfigurationErrors(problems: ["\(path): \(problem)"])
    }

    /// A finding with its file and line.
    func describe(_ error: FieldError) -> String { Self.describe(error, document, name) }

    private static func describe(_ error: FieldError, _ document: YAMLDocument, _ name: String) -> String {
        "\(name), line \(document.line(of: error.path)): \(error)"
    }

    private static func fields(
        of text: String, name: String
    ) throws(ConfigurationErrors) -> (YAMLDocument, [String: ConfigurationValue]) {
        let problem: String
        do {
            guard let document = try YAMLDocument(of: text, name: name) else {
                throw ConfigurationErrors(problems: ["\(name): no configuration in it"])
            }
            let value = try JSON.decode(ConfigurationValue.self, from: document.json)
            if case .object(let fields) = value { return (document, fields) }
            problem = "\(name): expected an object, found \(value.found)"
        } catch let error as ConfigurationErrors {
            throw error
        } catch let error as ManifestError {
            let place = error.line.map { "\(name), line \($0)" } ?? name
            problem = "\(place): \(error.problem)"
        } catch {
            problem = "\(name): \(error)"
        }
        throw ConfigurationErrors(problems: [problem])
    }

    /// What is wrong with `apiVersion` and `kind`.
    private static func headerProblem(_ fields: [String: ConfigurationValue]) -> String? {
        func text(_ name: String) -> String? { fields[name].flatMap(String.init) }
        guard let version = text("apiVersion"), !version.isEmpty else {
            return "apiVersion: is required: '\(KubeProxyConfiguration.apiVersion)'"
        }
        guard let kind = text("kind"), !kind.isEmpty else {
            return "kind: is required: '\(KubeProxyConfiguration.kind)'"
        }
        guard version == KubeProxyConfiguration.apiVersion else {
            return "apiVersion: '\(version.quotable)' is not '\(KubeProxyConfiguration.apiVersion)'"
        }
        return kind == KubeProxyConfiguration.kind
            ? nil : "kind: '\(kind.quotable)' is not '\(KubeProxyConfiguration.kind)'"
    }
}

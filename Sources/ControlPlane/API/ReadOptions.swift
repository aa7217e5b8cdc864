import KubeAPI
import Storage

/// The parameters of a list or a watch (meta/v1 `ListOptions`), checked as upstream checks them
/// (apimachinery internalversion/validation).
struct ReadOptions: Sendable {
    /// How `resourceVersion` is meant.
    enum Match: String {
        case exact = "Exact"
        case notOlderThan = "NotOlderThan"
    }

    let selection: Selection
    /// Nil where it is not given or empty; 0 is "any".
    let revision: Revision?
    let match: Match?
    /// Nil for no limit.
    let limit: Int?
    /// Empty on the first page.
    let continueToken: String
    let allowWatchBookmarks: Bool
    let sendInitialEvents: Bool?
    /// Nil where the server decides.
    let timeoutSeconds: Int64?

    /// - Throws: 400 BadRequest, 422 Invalid.
    init(_ query: RequestQuery, of resource: ServedResource, isWatch: Bool) throws(Status) {
        try Self.validate(query, isWatch: isWatch)
        selection = try Selection(query, of: resource)
        revision = try Self.revision(query)
        match = Match(rawValue: query["resourceVersionMatch"])
        continueToken = query["continue"]
        let wanted = try query.integer("limit").flatMap { $0 > 0 ? Int(clamping: $0) : nil }
        // A list of any version is whole, as from upstream's watch cache (storage/cacher/cacher.go, `GetList`): what informers begin
        // with is one request.
        limit = revision == 0 && continueToken.isEmpty ? nil : wanted
        allowWatchBookmarks = query.flag("allowWatchBookmarks") ?? false
        sendInitialEvents = query.flag("sendInitialEvents")
        timeoutSeconds = try query.integer("timeoutSeconds").flatMap { $0 > 0 ? $0 : nil }
    }

    /// `resourceVersion`, nil where it is not given.
    ///
    /// - Throws: 400 BadRequest.
    static func revision(_ query: RequestQuery) throws(Status) -> Revision? {
        let text = query["resourceVersion"]
        guard !text.isEmpty else { return nil }
        guard let revision = Revision(text), revision >= 0 else {
            throw .badRequest("invalid resource version: resourceVersion: Invalid value: \"\(text)\"")
        }
        return revision
    }

    private static func validate(_ query: RequestQuery, isWatch: Bool) throws(Status) {
        let failures = isWatch ? watchFailures(query) : listFailures(query)
        guard failures.isEmpty else { throw .invalidOptions(failures) }
    }

    private static let matchPath = "resourceVersionMatch"

    private static func listFailures(_ query: RequestQuery) -> [Status.Cause] {
        var failures: [Status.Cause] = []
        let match = query[matchPath]
        if !match.isEmpty {
            if query["resourceVersion"].isEmpty {
                failures.append(
                    .forbidden(matchPath, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
            }
            if !query["continue"].isEmpty {
                failures.append(
                    .forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"))
            }
            if Match(rawValue: match) == nil {
                failures.append(.notSupported(matchPath, match, ["Exact", "NotOlderThan", ""]))
            }
            if match == Match.exact.rawValue && query["resourceVersion"] == "0" {
                failures.append(
                    .forbidden(
                        matchPath, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
            }
        }
        if query.flag("sendInitialEvents") != nil {
            failures.append(.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
        }
        return failures
    }

    private static func watchFailures(_ query: RequestQuery) -> [Status.Cause] {
        var failures: [Status.Cause] = []
        let match = query[matchPath]
        let wantsInitialEvents = query.flag("sendInitialEvents") != nil
        if wantsInitialEvents && match != Match.notOlderThan.rawValue {
            failures.append(
                .forbidden(
                    matchPath, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
        }
        guard !match.isEmpty else { return failures }
        if !wantsInitialEvents {
            failures.append(
                .forbidden(
                    matchPath, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
        }
        if match != Match.notOlderThan.rawValue {
            failures.append(.notSupported(matchPath, match, ["NotOlderThan"]))
        }
        if !query["continue"].isEmpty {
            failures.append(.forbidden(matchPath, "resourceVersionMatch is forbidden when continue is provided"))
        }
        return failures
    }
}

extension Status.Cause {
    fileprivate static func forbidden(_ path: String, _ detail: String) -> Status.Cause {
        Status.Cause(field: path, message: "Forbidden: \(detail)", reason: "FieldValueForbidden")
    }

    fileprivate static func notSupported(_ path: String, _ value: String, _ supported: [String]) -> Status.Cause {
        let values = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return Status.Cause(
            field: path, message: "Unsupported value: \"\(value)\": supported values: \(values)",
            reason: "FieldValueNotSupported")
    }
}

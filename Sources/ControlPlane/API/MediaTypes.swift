/// What a client accepts.
enum MediaTypes {
    static let json = "application/json"

    /// Whether the header `Accept` admits plain JSON. A clause that wants it transformed (`as=Table`) does not: clients
    /// that ask for a table name plain JSON beside it.
    static func acceptsJSON(_ header: String?) -> Bool {
        guard let header, !header.isEmpty else { return true }
        return header.split(separator: ",").contains { clause in
            let words = clause.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let type = words.first, ["*/*", "application/*", json].contains(type) else { return false }
            return !words.contains { $0.hasPrefix("as=") }
        }
    }
}

/// What a reflector asks its server for.
enum ReflectorRequest: Equatable, Sendable {
    /// A page of a list, or all of it.
    struct Page: Equatable, Sendable {
        /// "": the newest. "0": any that the server has at hand. Else one that is not older.
        var resourceVersion: String
        /// Objects in a page; nil for all of them in one.
        var limit: Int?
        var continueToken = ""
        /// That of the first page, which goes for the list.
        var listVersion = ""
    }

    /// All objects and then their changes, in one answer (KEP-3157).
    case streamingList(resourceVersion: String)
    case list(Page)
    /// The changes since a resource version.
    case watch(resourceVersion: String)

    /// Whether names that do not come from here on are gone at the end of the list.
    var beginsList: Bool {
        switch self {
        case .streamingList: true
        case .list(let page): page.continueToken.isEmpty
        case .watch: false
        }
    }
}

/// A set within its table.
struct NFTSetName: Hashable, Sendable {
    let table: NFTTable
    let set: String
}

/// What a message of a transaction is about.
enum NFTObjectName: Hashable, Sendable {
    case table(NFTTable)
    case chain(NFTTable, String)
    case set(NFTTable, String)
    case rule(NFTTable, chain: String)
    case rulesOf(NFTTable, chain: String)

    var table: NFTTable {
        switch self {
        case .table(let table), .chain(let table, _), .set(let table, _), .rule(let table, _), .rulesOf(let table, _):
            table
        }
    }

    var setName: String? {
        if case .set(_, let name) = self { name } else { nil }
    }
}

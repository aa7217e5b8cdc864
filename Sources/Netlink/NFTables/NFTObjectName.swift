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
    /// The rules of a chain, or (nil) of all chains.
    case rulesOf(NFTTable, chain: String?)
    case elementsOf(NFTTable, set: String)

    var table: NFTTable {
        switch self {
        case .table(let table), .chain(let table, _), .set(let table, _), .rule(let table, _), .rulesOf(let table, _),
            .elementsOf(let table, _):
            table
        }
    }

    var setName: String? {
        switch self {
        case .set(_, let name), .elementsOf(_, let name): name
        case .table, .chain, .rule, .rulesOf: nil
        }
    }
}

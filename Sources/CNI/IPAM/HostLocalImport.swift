import Net

/// What became of the files of a reference plugin's directory.
package struct HostLocalImport: Hashable, Sendable {
    /// The addresses that are held now, and were not before.
    package var imported: [AddressLease] = []
    /// How many were taken over earlier.
    package var knownCount = 0
    /// Files that were left out, and why.
    package var refused: [Refusal] = []

    package struct Refusal: Hashable, Sendable {
        package let file: String
        package let cause: String
    }

    package init() {}
}

import Net
import Netlink
import TestSupport
import Testing

extension ProxyUnderTest {
    /// Requires that the kernel has what a full write of the last objects makes in a new namespace.
    func expectFullState(_ comment: Comment, _ location: SourceLocation = #_sourceLocation) async throws {
        let fresh = try NetworkNamespace.create()
        let twin = try await twin(in: fresh)
        let (document, expected) = try (NFTDocument(of: namespace), NFTDocument(of: fresh))
        for family in IPFamily.allCases.map(\.tableFamily) {
            let table = CanonicalTable(document, family: family)
            // Only the lines that differ, "-" for what lacks: a table has hundreds.
            let lines = CanonicalTable(expected, family: family).lines.difference(from: table.lines)
            let missing = lines.insertions.map { "- \($0.text)" }
            #expect(missing + lines.removals.map { "+ \($0.text)" } == [], comment, sourceLocation: location)
            #expect(table.gaps == [], comment, sourceLocation: location)
        }
        #expect(twin.failures == [], comment, sourceLocation: location)
    }
}

import Net
import Netlink

/// The pods' tables in the kernel, and the way to change them.
struct PodTables: ~Copyable {
    private var socket: NFTSocket

    init() throws(CNIError) {
        do throws(NetlinkError) { socket = try NFTSocket() } catch { throw CNIError(pods: error) }
    }

    /// How often a change is planned anew because another transaction came in between.
    private static var attempts: Int { 1000 }

    /// Plans a change from what the kernel has and commits it, if meanwhile nothing else was committed; else plans it again.
    mutating func change(
        _ plan: (inout NFTSocket, inout NFTBatch) throws(CNIError) -> Void
    ) throws(CNIError) {
        for _ in 0..<Self.attempts {
            let generation = try generation()
            var batch = NFTBatch()
            try plan(&socket, &batch)
            if batch.isEmpty { return }
            do throws(NetlinkError) {
                if try socket.commit(&batch, ifGeneration: generation) { return }
            } catch {
                throw CNIError(pods: error)
            }
        }
        throw CNIError(
            .tryAgainLater, "masquerade and host ports",
            details: "nftables changed during each of \(Self.attempts) attempts")
    }

    private mutating func generation() throws(CNIError) -> UInt32 {
        do throws(NetlinkError) { return try socket.generation() } catch { throw CNIError(pods: error) }
    }

    /// The comments of a family's rules, by chain.
    mutating func comments(of family: IPFamily) throws(CNIError) -> [String: [String]] {
        try Self.comments(of: family, &socket)
    }

    static func comments(of family: IPFamily, _ socket: inout NFTSocket) throws(CNIError) -> [String: [String]] {
        do throws(NetlinkError) { return try socket.ruleComments(of: PodTable(family).table) } catch {
            throw CNIError(pods: error)
        }
    }

    /// Whether there is a table of each of these families, and at least one, and the constant part of each that there is as it should be.
    mutating func areAsWritten(_ expected: [IPFamily]) throws(CNIError) -> Bool {
        let families = try Self.families(&socket)
        guard !families.isEmpty, expected.allSatisfy(families.contains) else { return false }
        return try Self.familiesAsWritten(families, &socket) == families
    }

    /// Those of the families whose table has the constant part that it should have.
    static func familiesAsWritten(_ families: [IPFamily], _ socket: inout NFTSocket) throws(CNIError) -> [IPFamily] {
        var right: [IPFamily] = []
        for family in families {
            let comments = try comments(of: family, &socket)
            if comments == PodTable(family, comments: comments).comments { right.append(family) }
        }
        return right
    }

    /// What the kernel has of each element; nil where there is none of that key.
    mutating func find(_ elements: [PodElement]) throws(CNIError) -> [NFTElement?] {
        try Self.find(elements, &socket)
    }

    static func find(_ elements: [PodElement], _ socket: inout NFTSocket) throws(CNIError) -> [NFTElement?] {
        do throws(NetlinkError) {
            return try socket.elements(elements.map { NFTElementQuestion($0.probe, of: $0.set.name, in: $0.table) })
        } catch {
            throw CNIError(pods: error)
        }
    }

    /// The families that have a table.
    static func families(_ socket: inout NFTSocket) throws(CNIError) -> [IPFamily] {
        do throws(NetlinkError) {
            let tables = try socket.tables()
            return IPFamily.allCases.filter { tables.contains(PodTable($0).table) }
        } catch {
            throw CNIError(pods: error)
        }
    }

    /// All elements of a set; none where there is no table.
    static func all(
        of set: PodSet, _ family: IPFamily, _ socket: inout NFTSocket
    ) throws(CNIError) -> [(element: PodElement, found: NFTElement)] {
        do throws(NetlinkError) {
            return try socket.elements(of: set.name, in: PodTable(family).table)
                .map { (PodElement(set, family, $0), $0) }
        } catch {
            throw CNIError(pods: error)
        }
    }
}

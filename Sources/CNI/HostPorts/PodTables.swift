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
        do throws(NetlinkError) { return try socket.ruleComments(of: PodTable(family).table) } catch {
            throw CNIError(pods: error)
        }
    }

    /// What the kernel has of each element; nil where there is none of that key.
    mutating func find(_ elements: [PodElement]) throws(CNIError) -> [NFTElement?] {
        try Self.find(elements, &socket)
    }

    static func find(_ elements: [PodElement], _ socket: inout NFTSocket) throws(CNIError) -> [NFTElement?] {
        struct Place: Hashable {
            let set: PodSet
            let family: IPFamily
        }
        var found = [NFTElement?](repeating: nil, count: elements.count)
        let places = Dictionary(grouping: elements.indices) {
            Place(set: elements[$0].set, family: elements[$0].family)
        }
        for (place, indices) in places {
            do throws(NetlinkError) {
                let answers = try socket.elements(
                    indices.map { elements[$0].probe }, of: place.set.name, in: PodTable(place.family).table)
                for (index, answer) in zip(indices, answers) { found[index] = answer }
            } catch {
                throw CNIError(pods: error)
            }
        }
        return found
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

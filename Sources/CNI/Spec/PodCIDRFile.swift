import Net
import Netlink

/// The networks that this node's pods have their addresses from, as the node's agent writes them. The format, which agents rely on:
///
///     # what follows the sign says nothing, and neither do empty lines and white space
///     10.244.1.0/24
///     fd00:10:244:1::/64
///
/// UTF-8, at most 64 KiB, one network a line in CIDR notation: the address with all bits behind the prefix zero, `/`, the prefix length. A
/// pod gets one address of each family that is there; several networks of one family are used one after the other. Each one's first
/// address is the gateway, and the others are given but for the network's own and, in IPv4, the last.
///
/// The agent writes another file in the same folder and renames it, so that nobody reads a half. The file is read by each ADD, so that a
/// network that is added counts at once; of one that is left out no address is given any more, and those of running pods stay theirs.
package enum PodCIDRFile {
    /// Where it is unless the configuration says otherwise. It is not there after a reboot, until the agent knows.
    package static let defaultPath = "/run/fairlead/pod-cidrs"

    /// A set of ranges for each family that the file has, in the file's order.
    ///
    /// - Throws: `CNIError` with `tryAgainLater` when there is no such file or nothing in it, with `badConfiguration` that names the
    ///   line that is not right.
    package static func ranges(_ path: String) throws(CNIError) -> [[IPAMConfiguration.Range]] {
        let content: [UInt8]
        do throws(SystemError) { content = try FileContents.read(path, limitBytes: 1 << 16) } catch {
            throw CNIError(.tryAgainLater, "the node's pod networks are not known yet", details: error.description)
        }
        let sets = try ranges(content: content, path)
        guard !sets.isEmpty else {
            throw CNIError(.tryAgainLater, "the node's pod networks are not known yet", details: "\(path) has none")
        }
        return sets
    }

    private static func ranges(content: [UInt8], _ path: String) throws(CNIError) -> [[IPAMConfiguration.Range]] {
        var families: [IPFamily] = []
        var ranges: [IPFamily: [IPAMConfiguration.Range]] = [:]
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
            guard !text.isEmpty else { continue }
            do throws(AddressParseError) {
                let prefix = try IPPrefix(text)
                if !families.contains(prefix.family) { families.append(prefix.family) }
                ranges[prefix.family, default: []].append(IPAMConfiguration.Range(prefix))
            } catch {
                throw CNIError(.badConfiguration, "\(path), line \(index + 1): \(error)")
            }
        }
        return families.compactMap { ranges[$0] }
    }
}

import Net
import Netlink

/// The networks that this node's pods have their addresses from, as the node's agent writes them: one in CIDR notation a line. Empty
/// lines and what follows a '#' say nothing.
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

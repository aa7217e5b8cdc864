import FoundationEssentials
import Testing

/// A conflist in `cni-conf`, and the command that writes it.
struct SampleConfiguration: CustomTestStringConvertible {
    let name: String
    /// Of `fairlead cni install`.
    let options: String

    static let ptp = Self(name: "10-fairlead-ptp.conflist", options: "--mode ptp --pod-cidr 10.244.1.0/24")
    static let bridge = Self(name: "10-fairlead-bridge.conflist", options: "--mode bridge --pod-cidr 10.244.1.0/24")
    static let dualStack = Self(
        name: "10-fairlead-dual-stack.conflist",
        options: "--mode ptp --pod-cidr 10.244.1.0/24 --pod-cidr fd00:10:244:1::/64")
    static let all = [ptp, bridge, dualStack]

    var testDescription: String { name }

    static let folder = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/cni-conf"
    var path: String { "\(Self.folder)/\(name)" }

    var text: String {
        get throws { String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self) }
    }
}

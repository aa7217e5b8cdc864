import Glibc

/// The name of this machine.
package enum HostName {
    /// What `gethostname` gives; empty when there is none.
    package static var current: String {
        var name = [UInt8](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        let status = name.withUnsafeMutableBytes { gethostname($0.bindMemory(to: CChar.self).baseAddress, $0.count) }
        return status == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }
}

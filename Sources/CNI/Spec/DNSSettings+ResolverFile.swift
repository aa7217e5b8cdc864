import Netlink

extension DNSSettings {
    /// From a file in the form of resolv.conf(5).
    ///
    /// - Throws: `CNIError` with `ioFailure` when it cannot be read.
    init(resolverFile path: String) throws(CNIError) {
        self.init()
        let content: [UInt8]
        do throws(SystemError) { content = try FileContents.read(path, limitBytes: 1 << 20) } catch {
            throw CNIError(.ioFailure, "ipam.resolvConf", details: error.description)
        }
        for line in String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let keyword = fields.first, let value = fields.dropFirst().first else { continue }
            switch keyword {
            case "nameserver": nameservers.append(value)
            case "domain": domain = value
            case "search": search += fields.dropFirst()
            case "options": options += fields.dropFirst()
            default: break
            }
        }
    }
}

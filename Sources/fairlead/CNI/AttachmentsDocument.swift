import CNI
import FoundationEssentials

/// What `fairlead cni list` shows. The names of its properties are the keys of `--json`.
struct AttachmentsDocument: Codable, Sendable {
    struct Entry: Codable, Sendable {
        struct Port: Codable, Sendable {
            let address: String?
            let port: UInt16
            let `protocol`: String
            let containerPort: UInt16
        }

        let network: String
        let containerID: String
        let interfaceName: String
        let addresses: [String]
        let hostLink: String?
        let hostPorts: [Port]
        let stale: Bool
    }

    let attachments: [Entry]

    init(_ traces: [AttachmentTrace]) {
        attachments = traces.map { trace in
            let attachment = trace.attachment
            return Entry(
                network: attachment.network, containerID: attachment.containerID,
                interfaceName: attachment.interfaceName, addresses: trace.addresses.map(\.description),
                hostLink: trace.hostLinkName,
                hostPorts: trace.hostPorts.map {
                    Entry.Port(
                        address: $0.hostAddress?.description, port: $0.hostPort,
                        protocol: "\($0.transport)".lowercased(),
                        containerPort: $0.containerPort)
                }, stale: trace.isStale)
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var text: String {
        var table = TextTable(["NETWORK", "CONTAINER", "INTERFACE", "ADDRESSES", "LINK", "HOST PORTS"])
        for entry in attachments {
            table.append([
                entry.network, Self.short(entry.containerID), entry.interfaceName, Self.list(entry.addresses),
                entry.hostLink ?? (entry.stale ? "gone" : "foreign"), Self.list(entry.hostPorts.map(\.text)),
            ])
        }
        return table.lines.joined(separator: "\n")
    }

    /// As container runtimes show a long one.
    private static func short(_ id: String) -> String {
        let isDigest = id.count == 64 && id.allSatisfy(\.isHexDigit)
        return isDigest ? String(id.prefix(13)) : id
    }

    private static func list(_ texts: [String]) -> String { texts.isEmpty ? "-" : texts.joined(separator: ",") }
}

extension AttachmentsDocument.Entry.Port {
    /// `8080->80/tcp`, with the address before it where there is one.
    fileprivate var text: String {
        let host = address.map { $0.contains(":") ? "[\($0)]:" : "\($0):" } ?? ""
        return "\(host)\(port)->\(containerPort)/\(`protocol`)"
    }
}

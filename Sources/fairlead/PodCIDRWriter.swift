import FoundationEssentials
import KubeAPI
import Logging
import Net
import Netlink
import ServiceLifecycle

/// Keeps a file of the networks of this node's pods, for the CNI plugin, as the Node object has them. A Node that has none
/// leaves the file alone: they cannot be taken back, and somebody else may have written it.
struct PodCIDRWriter: ServiceLifecycle.Service {
    /// What the file begins with, by which it is known for ours.
    private static let mark = "# Written by fairlead"
    private static let limitBytes = 1 << 16

    private let path: String
    private let nodeName: String
    private let logger: Logger
    private let specs: AsyncStream<NodeSpec>
    private let continuation: AsyncStream<NodeSpec>.Continuation

    /// - Parameter path: Nil for no file.
    init?(path: String?, nodeName: String, logger: Logger) {
        guard let path else { return nil }
        self.path = path
        self.nodeName = nodeName
        self.logger = logger
        (specs, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a Node object as it is now, from any thread; others than this node's say nothing. Never blocks.
    func heard(_ node: Node) {
        if node.metadata.name == nodeName { continuation.yield(node.spec) }
    }

    /// Writes until the process shuts down.
    func run() async {
        await cancelWhenGracefulShutdown {
            var written: [UInt8]?
            var lastProblem: String?
            for await spec in specs {
                let content = content(spec)
                guard let content, content != written else { continue }
                do {
                    if try write(content) { logger.notice("wrote the networks of this node's pods to \(path)") }
                    (written, lastProblem) = (content, nil)
                } catch {
                    // The next news of the Node, a heartbeat at the latest, is another chance.
                    if lastProblem != "\(error)" {
                        logger.notice("the CNI plugin is not told of the pods' networks: \(error)")
                    }
                    lastProblem = "\(error)"
                }
            }
        }
    }

    /// Nil where the Node has no networks.
    private func content(_ spec: NodeSpec) -> [UInt8]? {
        let networks = spec.podNetworks.compactMap { try? IPPrefix($0) }
        guard !networks.isEmpty else { return nil }
        let lines = networks.map { "\($0)\n" }.joined()
        return Array("\(Self.mark): spec.podCIDRs of Node \(nodeName).\n\(lines)".utf8)
    }

    /// Writes the file, with the folder that it is in.
    ///
    /// - Returns: whether it had another content.
    /// - Throws: the system's error.
    func write(_ content: [UInt8]) throws -> Bool {
        if (try? FileContents.read(path, limitBytes: Self.limitBytes)) == content { return false }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let folder = String(path[..<slash])
            if !FileManager.default.fileExists(atPath: folder) {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            }
        }
        try AtomicFile.write(content, to: path, permissions: 0o644)
        return true
    }

    /// Removes the file, where it is one of ours.
    ///
    /// - Returns: whether it was there.
    static func remove(_ path: String) throws -> Bool {
        guard let content = try? FileContents.read(path, limitBytes: limitBytes), content.starts(with: mark.utf8) else {
            return false
        }
        try FileManager.default.removeItem(atPath: path)
        return true
    }
}

import FoundationEssentials
import Netlink

/// The plugin's files on a node: what `fairlead cni install` makes and `fairlead cni uninstall` removes.
struct PluginInstallation {
    /// Where the runtime looks for plugins (`bin_dir` of containerd).
    let binaryFolder: String
    /// Where it looks for conflists (`conf_dir`).
    let configurationFolder: String
    /// The conflist's name there.
    let configurationName: String

    static let loopbackName = "loopback"

    var plugin: String { "\(binaryFolder)/\(NetworkConfigurationList.pluginName)" }
    var loopback: String { "\(binaryFolder)/\(Self.loopbackName)" }
    var configuration: String { "\(configurationFolder)/\(configurationName)" }

    /// Writes what is lacking or differs; the plugin first, so that a conflist never names one that is not there.
    ///
    /// - Parameter executable: The plugin to install.
    /// - Returns: A line for each file.
    func install(_ executable: String, _ list: NetworkConfigurationList) throws -> [String] {
        guard let program = FileManager.default.contents(atPath: executable) else {
            throw InstallationError(description: "\(executable): cannot be read; it is the plugin to install")
        }
        for folder in [binaryFolder, configurationFolder] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        var lines = [try write([UInt8](program), to: plugin, permissions: 0o755)]
        // containerd runs a plugin of this name for each pod. One that is there serves as well.
        if try FileKind(of: loopback) == .none {
            try FileManager.default.createSymbolicLink(
                atPath: loopback, withDestinationPath: NetworkConfigurationList.pluginName)
            lines.append("wrote \(loopback)")
        }
        lines.append(try write([UInt8](list.text.utf8), to: configuration, permissions: 0o644))
        return lines + (try overshadowing)
    }

    private func write(_ bytes: [UInt8], to path: String, permissions: Int) throws -> String {
        let kind = try FileKind(of: path)
        let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        if kind == .file, mode == permissions, FileManager.default.contents(atPath: path).map([UInt8].init) == bytes {
            return "kept \(path)"
        }
        try AtomicFile.write(bytes, to: path, permissions: UInt32(permissions))
        return "wrote \(path)"
    }

    /// Runtimes take the first conflist by name.
    private var overshadowing: [String] {
        get throws {
            let first = try configurationNames.first ?? configurationName
            guard first < configurationName else { return [] }
            return ["note: runtimes that take the first conflist take \(configurationFolder)/\(first) before this one"]
        }
    }

    private var configurationNames: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: configurationFolder)
                .filter { name in [".conf", ".conflist", ".json"].contains { name.hasSuffix($0) } }
                .filter { !$0.hasPrefix(".") }
                .sorted()
        }
    }

    /// Removes what `install` has made; what somebody else has put there stays. The conflist goes first, so that the runtime makes no
    /// pod without a plugin.
    ///
    /// - Returns: A line for each file that was there.
    func uninstall() throws -> [String] {
        var lines: [String] = []
        func remove(_ path: String) throws {
            try FileManager.default.removeItem(atPath: path)
            lines.append("removed \(path)")
        }
        if let text = FileManager.default.contents(atPath: configuration).map({ String(decoding: $0, as: UTF8.self) }) {
            if text.contains("\"\(NetworkConfigurationList.pluginName)\"") {
                try remove(configuration)
            } else {
                lines.append("left \(configuration), which does not name \(NetworkConfigurationList.pluginName)")
            }
        }
        if case .link(NetworkConfigurationList.pluginName) = try FileKind(of: loopback) { try remove(loopback) }
        if try FileKind(of: plugin) != .none { try remove(plugin) }
        return lines
    }
}

/// What is at a path, without following a link.
private enum FileKind: Equatable {
    case none
    case file
    case link(to: String)

    init(of path: String) throws {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            self = .link(to: target)
        } else {
            self = FileManager.default.fileExists(atPath: path) ? .file : .none
        }
    }
}

/// The files cannot be written.
struct InstallationError: Error, CustomStringConvertible {
    let description: String
}

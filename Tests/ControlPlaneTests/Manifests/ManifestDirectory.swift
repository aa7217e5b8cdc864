import FoundationEssentials
import KubeAPI

@testable import ControlPlane

/// A directory of manifests, a scanner over it and the cluster that it fills.
final class ManifestDirectory {
    let directory: String
    let cluster: Cluster
    private var scanner: ManifestScanner
    private let log = ErrorLog()

    fileprivate init(
        _ directory: String, _ files: [String], _ quietTime: Duration, _ now: @escaping @Sendable () -> Timestamp
    ) async throws {
        self.directory = directory
        cluster = try await Cluster()
        scanner = ManifestScanner(
            files: files.map { "\(directory)/\($0)" }, directory: directory, applier: cluster.applier,
            logger: log.logger, quietTime: quietTime, now: now)
    }

    var errors: [String] { log.messages }

    @discardableResult func scan() async -> Bool {
        var scanner = self.scanner
        let isUnsettled = await scanner.scan()
        self.scanner = scanner
        return isUnsettled
    }

    /// Writes in place.
    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: url(name)) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }
    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(at: url(name), withDestinationURL: url(target))
    }

    /// Writes a new file and renames it over the old one.
    func replace(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: url(name), options: .atomic) }
    func rename(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(at: url(name), to: url(other))
    }

    func modificationTime(_ name: String) throws -> Date {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
        return attributes[.modificationDate] as? Date ?? Date(timeIntervalSince1970: 0)
    }

    func setModificationTime(_ name: String, _ time: Date) throws {
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: "\(directory)/\(name)")
    }

    func names<Object: KubernetesObject>(_ type: Object.Type) throws -> [String] {
        try cluster.store.list(type).objects.map(\.key.name)
    }

    private func url(_ name: String) -> URL { URL(filePath: "\(directory)/\(name)") }
}

/// Makes a directory for `body`, and removes it.
func withManifests(
    files: [String] = [], quietTime: Duration = .zero, now: @escaping @Sendable () -> Timestamp = { .now },
    _ body: (ManifestDirectory) async throws -> Void
) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "fairlead-\(UUID().uuidString)")
        .path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try await body(try await ManifestDirectory(directory, files, quietTime, now))
}

import APIMachinery
import FoundationEssentials
import KubeAPI
import Net
import Storage

@testable import ControlPlane

/// A directory of manifests, a scanner over it and the registry that it fills.
final class ManifestDirectory {
    let directory: String
    let store = EmbeddedStore()
    private(set) var registry: Registry
    private var scanner: ManifestScanner
    private let log = ErrorLog()
    private let makeScanner: (Registry) -> ManifestScanner

    fileprivate init(
        _ directory: String, _ files: [String], _ quietTime: Duration, _ now: @escaping @Sendable () -> Timestamp
    ) async throws {
        self.directory = directory
        makeScanner = { [logger = log.logger] registry in
            ManifestScanner(
                files: files.map { "\(directory)/\($0)" }, directory: directory, applier: ManifestApplier(registry),
                logger: logger, quietTime: quietTime, now: now)
        }
        registry = try await Self.registry(store)
        scanner = makeScanner(registry)
    }

    private static func registry(_ store: EmbeddedStore) async throws -> Registry {
        let registry = Registry(
            store: store,
            allocator: try ClusterAllocator(
                serviceCIDRs: [try IPPrefix("10.96.0.0/16")], nodePorts: try PortRange("30000-32767")))
        try await registry.start()
        return registry
    }

    /// As another process would go on with the store.
    func restart() async throws {
        registry = try await Self.registry(store)
        scanner = makeScanner(registry)
    }

    var errors: [String] { log.messages }
    var warnings: [String] { log.warnings }

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

    /// The objects of a kind that manifests have declared.
    func names(_ plural: String) async throws -> [String] {
        try await registry.list(resource(plural), namespace: nil)
            .filter { ManifestMark.file(of: $0) != nil }.map(\.name)
    }

    /// An object of a kind, of the namespace `default` where it has one.
    func object(_ plural: String, _ name: String) async throws -> Unstructured? {
        let resource = resource(plural)
        return try await registry.find(
            resource, ObjectName(namespace: resource.isNamespaced ? "default" : "", name: name))
    }

    func service(_ name: String) async throws -> Unstructured? { try await object("services", name) }

    /// The first port of a Service.
    func port(_ name: String) async throws -> Int? {
        try await service(name)?[["spec", "ports"]]?.array?.first?["port"]?.integer
    }

    func resource(_ plural: String) -> Resource {
        KindTable.kubernetes.row(word: plural)?.resource ?? .services
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

import FoundationEssentials
import Synchronization

/// The time zones that this machine has files of (package tzdata).
final class TimeZoneFiles: Sendable {
    /// Where Go's `time.LoadLocation` looks as well.
    private static let directories = ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"]
    private static let sizeLimit = 1 << 20

    private let known = Mutex<[String: TimeZoneRules]>([:])

    /// The rules of a zone such as `Europe/Berlin`; nil where there is no such file. The empty name is that of UTC.
    subscript(name: String) -> TimeZoneRules? {
        if name.isEmpty || name == "UTC" { return .utc }
        if let rules = known.withLock({ $0[name] }) { return rules }
        // A name never leads out of the directory.
        guard !name.hasPrefix("/"), !name.contains("\\"), !name.split(separator: "/").contains("..") else {
            return nil
        }
        for directory in Self.directories {
            guard let rules = Self.read("\(directory)/\(name)") else { continue }
            known.withLock { $0[name] = rules }
            return rules
        }
        return nil
    }

    /// The zone of the machine, for schedules that name none.
    static let local = read("/etc/localtime") ?? .utc

    private static func read(_ path: String) -> TimeZoneRules? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= sizeLimit else { return nil }
        return TimeZoneRules(compiled: Array(data))
    }
}

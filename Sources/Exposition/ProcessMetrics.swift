import FoundationEssentials

/// The metrics that Prometheus' own client libraries give for a process, from `/proc` (proc(5)).
package enum ProcessMetrics {
    package static var collector: MetricCollector { MetricCollector(declarations) { samples() } }

    private static let declarations = [
        MetricDeclaration(
            "process_cpu_seconds_total", .counter, help: "Total user and system CPU time spent in seconds."),
        MetricDeclaration("process_resident_memory_bytes", .gauge, help: "Resident memory size in bytes."),
        MetricDeclaration("process_virtual_memory_bytes", .gauge, help: "Virtual memory size in bytes."),
        MetricDeclaration("process_open_fds", .gauge, help: "Number of open file descriptors."),
        MetricDeclaration("process_max_fds", .gauge, help: "Maximum number of open file descriptors."),
        MetricDeclaration(
            "process_start_time_seconds", .gauge, help: "Start time of the process since unix epoch in seconds."),
    ]

    /// The kernel tells times in these (USER_HZ), on every architecture that Swift runs on.
    private static let ticksPerSecond = 100.0

    /// What cannot be read is left out.
    private static func samples() -> [MetricCollector.Sample] {
        var samples: [MetricCollector.Sample] = []
        func add(_ name: String, _ value: Double?) {
            if let value { samples.append(MetricCollector.Sample(name, value)) }
        }
        let stat = fieldsOfStat()
        if stat.count > 19, let user = Double(stat[11]), let system = Double(stat[12]) {
            add("process_cpu_seconds_total", (user + system) / ticksPerSecond)
        }
        if stat.count > 19, let start = Double(stat[19]), let boot = number(after: "btime", in: "/proc/stat") {
            add("process_start_time_seconds", boot + start / ticksPerSecond)
        }
        let status = "/proc/self/status"
        add("process_resident_memory_bytes", number(after: "VmRSS:", in: status).map { $0 * 1024 })
        add("process_virtual_memory_bytes", number(after: "VmSize:", in: status).map { $0 * 1024 })
        add("process_max_fds", number(after: "Max open files", in: "/proc/self/limits"))
        if let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            // One of them is the directory itself, while it is read.
            add("process_open_fds", Double(names.count - 1))
        }
        return samples
    }

    /// Those after the command's name, which may have spaces and parentheses: the first is field 3 of proc(5).
    private static func fieldsOfStat() -> [Substring] {
        guard let text = text("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return [] }
        return text[end...].dropFirst().split(separator: " ")
    }

    /// The first number on the line that starts with `key`.
    private static func number(after key: String, in path: String) -> Double? {
        guard let line = text(path)?.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
        return line.dropFirst(key.count).split { $0 == " " || $0 == "\t" }.first.flatMap { Double(String($0)) }
    }

    private static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}

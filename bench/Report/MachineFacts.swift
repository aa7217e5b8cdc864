import FoundationEssentials

/// What the figures were measured on.
package struct MachineFacts: Codable, Sendable {
    package var processor = "?"
    package var processorCount = 0
    package var memoryGigabytes = 0.0
    package var kernel = "?"
    package var system = "?"
    /// cpufreq's; "none" where the kernel has none, as in most virtual machines.
    package var governor = "none"
    /// As the kernel names it, where it says that it runs in one.
    package var isVirtual = false
    /// Over the last minute, when the run began: of an idle machine it is below 0.1.
    package var loadAtStart = 0.0
    package var tools: [String: String] = [:]

    package init() {}

    /// Reads `/proc` and `/sys`, or what lies under another root.
    package static func read(root: String = "") -> MachineFacts {
        func text(_ path: String) -> String {
            (try? Data(contentsOf: URL(filePath: root + path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        func value(_ name: String, in text: String, after separator: Character) -> String? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }
                .flatMap { $0.split(separator: separator, maxSplits: 1).dropFirst().first }
                .map { $0.trimming("\" \t") }
        }
        var facts = MachineFacts()
        let processors = text("/proc/cpuinfo")
        facts.processor = value("model name", in: processors, after: ":") ?? "?"
        facts.processorCount = processors.split(separator: "\n").count { $0.hasPrefix("processor") }
        facts.isVirtual = processors.contains(" hypervisor")
        let kilobytes = value("MemTotal", in: text("/proc/meminfo"), after: ":").flatMap {
            $0.split(separator: " ").first
        }
        facts.memoryGigabytes = (kilobytes.flatMap { Double($0) } ?? 0) / 1e6
        facts.kernel = text("/proc/sys/kernel/osrelease")[...].trimming("\n ")
        facts.system = value("PRETTY_NAME", in: text("/etc/os-release"), after: "=") ?? "?"
        let governor = text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")[...].trimming("\n ")
        if !governor.isEmpty { facts.governor = governor }
        facts.loadAtStart = text("/proc/loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0
        return facts
    }

    /// One line a fact.
    package var lines: [String] {
        [
            "processor: \(processor), \(processorCount) cores\(isVirtual ? ", virtual machine" : "")",
            "memory: \(memoryGigabytes.text(decimals: 1)) GB",
            "kernel: \(kernel); system: \(system)",
            "frequency governor: \(governor); load at the start: \(loadAtStart.text(decimals: 2))",
        ] + tools.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }
}

extension Substring {
    fileprivate func trimming(_ characters: String) -> String {
        var rest = drop { characters.contains($0) }
        while let last = rest.last, characters.contains(last) { rest.removeLast() }
        return String(rest)
    }
}

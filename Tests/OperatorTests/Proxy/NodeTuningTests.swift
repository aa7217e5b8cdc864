import KubeProxyConfig
import Testing

@testable import fairlead

/// On files in a directory of the test's own.
@Suite("What is set of a node")
struct NodeTuningTests {
    private let directory: TemporaryDirectory
    private let tuning: NodeTuning
    private static let hashSize = "sys/module/nf_conntrack/parameters/hashsize"

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("sys/devices/system/cpu/online", "0-2,4\n")
        try directory.write(Self.hashSize, "1024\n")
        try directory.write("self/oom_score_adj", "0\n")
        for name in ["max", "tcp_timeout_established", "tcp_timeout_close_wait", "tcp_be_liberal", "udp_timeout"] {
            try directory.write("proc/net/netfilter/nf_conntrack_\(name)", "7\n")
        }
        try directory.write("proc/net/netfilter/nf_conntrack_udp_timeout_stream", "7\n")
        tuning = NodeTuning(
            roots: .init(sysctls: directory.file("proc"), sys: directory.file("sys"), process: directory.file("self")),
            fallbackCPUCount: 3)
    }

    private func value(_ name: String) throws -> String {
        try directory.read("proc/net/netfilter/nf_conntrack_\(name)")
    }

    private func settings(_ change: (inout ConntrackSection) -> Void) -> ConntrackSection {
        var settings = KubeProxyConfiguration().conntrack
        change(&settings)
        return settings
    }

    @Test("is by default what kube-proxy sets; parameters of which nothing is said stay")
    func defaults() throws {
        let outcome = tuning.applyConntrack(settings { _ in })
        #expect(
            outcome.changes == [
                "net/netfilter/nf_conntrack_max = 131072", "module/nf_conntrack/parameters/hashsize = 32768",
                "net/netfilter/nf_conntrack_tcp_timeout_established = 86400",
                "net/netfilter/nf_conntrack_tcp_timeout_close_wait = 3600",
            ])
        #expect(outcome.failures == [])
        #expect(outcome.warning == nil)
        #expect(try value("max") == "131072")
        #expect(try directory.read(Self.hashSize) == "32768")
        #expect(try value("tcp_timeout_established") == "86400")
        #expect(try value("tcp_timeout_close_wait") == "3600")
        for name in ["tcp_be_liberal", "udp_timeout", "udp_timeout_stream"] { #expect(try value(name) == "7\n") }
        // The second time all has its value.
        #expect(tuning.applyConntrack(settings { _ in }) == NodeTuning.Outcome())
    }

    @Test("is all that is asked for, in whole seconds")
    func all() throws {
        let outcome = tuning.applyConntrack(
            settings {
                $0.maxPerCore = 50_000
                $0.tcpEstablishedTimeout = .zero
                $0.tcpCloseWaitTimeout = nil
                $0.tcpBeLiberal = true
                $0.udpTimeout = GoDuration(nanoseconds: 10_900_000_000)
                $0.udpStreamTimeout = .seconds(20)
            })
        #expect(outcome.failures == [])
        #expect(try value("max") == "200000")
        #expect(try value("tcp_timeout_established") == "7\n")
        #expect(try value("tcp_timeout_close_wait") == "7\n")
        #expect(try value("tcp_be_liberal") == "1")
        #expect(try value("udp_timeout") == "10")
        #expect(try value("udp_timeout_stream") == "20")
    }

    @Test(
        "is a limit for each CPU, at least the least one, and bounded",
        arguments: [
            (32768, 131_072, 131_072), (50_000, 131_072, 200_000), (50_000, 0, 200_000), (0, 131_072, 0),
            (1, 0, 4), (1, 5, 5), (300_000, 0, 1_048_576), (262_144, 0, 1_048_576), (1, 2_000_000, 2_000_000),
        ])
    func limit(perCore: Int32, least: Int32, expected: Int) {
        let settings = settings {
            $0.maxPerCore = perCore
            $0.min = least
        }
        #expect(tuning.connectionLimit(settings) == expected)
    }

    @Test("leaves a limit of which nothing is said, and a table that is large enough")
    func left() throws {
        try directory.write(Self.hashSize, "32768\n")
        _ = tuning.applyConntrack(settings { _ in })
        #expect(try directory.read(Self.hashSize) == "32768\n")
        try directory.write("proc/net/netfilter/nf_conntrack_max", "7\n")
        _ = tuning.applyConntrack(settings { $0.maxPerCore = 0 })
        _ = tuning.applyConntrack(settings { $0.maxPerCore = nil })
        #expect(try value("max") == "7\n")
    }

    @Test(
        "counts the CPUs that are online",
        arguments: [("0", 1), ("0-3", 4), ("0-3,8-11", 8), ("0,2,4", 3), ("", 3), ("x", 3), ("3-1", 3), ("1-2-3", 3)])
    func cpus(list: String, count: Int) throws {
        try directory.write("sys/devices/system/cpu/online", list)
        #expect(tuning.cpuCount == count)
    }

    @Test("goes on where something cannot be set, and says so in one line")
    func failures() throws {
        try directory.remove("proc/net/netfilter/nf_conntrack_max")
        try directory.remove("sys/devices/system/cpu/online")
        #expect(tuning.cpuCount == 3)
        let outcome = tuning.applyConntrack(settings { $0.udpTimeout = .seconds(5) })
        #expect(outcome.failures.count == 1)
        #expect(
            outcome.warning
                == """
                not all of the node's parameters were set: net/netfilter/nf_conntrack_max = 131072: \
                open of sysctl net/netfilter/nf_conntrack_max: No such file or directory (ENOENT)
                """)
        // The table is for the limit, which is as it was.
        #expect(try directory.read(Self.hashSize) == "1024\n")
        #expect(try value("udp_timeout") == "5")
        try directory.write("proc/net/netfilter/nf_conntrack_max", "7")
        try directory.remove(Self.hashSize)
        let second = tuning.applyConntrack(settings { _ in })
        #expect(second.failures.count == 1)
        #expect(second.failures.first?.contains("hashsize") == true)
        #expect(try value("max") == "131072")
    }

    @Test("is the score for when memory is short, where one is given")
    func oomScore() throws {
        #expect(tuning.applyOOMScore(nil) == NodeTuning.Outcome())
        #expect(tuning.applyOOMScore(0) == NodeTuning.Outcome())
        #expect(tuning.applyOOMScore(-999).changes == ["oom_score_adj = -999"])
        #expect(try directory.read("self/oom_score_adj") == "-999")
        try directory.remove("self/oom_score_adj")
        #expect(tuning.applyOOMScore(1).failures.count == 1)
    }
}

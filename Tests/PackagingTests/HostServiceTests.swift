import Testing
import Yams

@Suite("The service of a host")
struct HostServiceTests {
    /// The settings of the unit, each with all its values in order.
    private let settings: [String: [String]]
    private let configuration: Node

    init() throws {
        var settings: [String: [String]] = [:]
        for line in try PackagingFile.text("packaging/fairlead.service").split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !line.hasPrefix("#") else { continue }
            settings[String(parts[0]), default: []].append(String(parts[1]))
        }
        self.settings = settings
        configuration = try PackagingFile.document(try PackagingFile.text("packaging/config.yaml"))
    }

    @Test("has the rights that the DaemonSet has")
    func capabilities() throws {
        let objects = try PackagingFile.documents(PackagingFile.text("packaging/kubernetes/fairlead.yaml"))
        let daemonSet = try #require(objects.last)
        let added = try daemonSet.at(
            "spec", "template", "spec", "containers", 0, "securityContext", "capabilities", "add")
        #expect(settings["CapabilityBoundingSet"] == [added.strings.map { "CAP_\($0)" }.joined(separator: " ")])
        #expect(settings["AmbientCapabilities"] == [""])
        #expect(settings["NoNewPrivileges"] == ["yes"])
    }

    @Test("starts once there are a configuration and the kubeconfig that it names, and then for ever")
    func conditions() throws {
        let kubeconfig = try #require(configuration.at("clientConnection", "kubeconfig").string)
        #expect(settings["ConditionPathExists"] == ["/etc/fairlead/config.yaml", kubeconfig])
        #expect(settings["ExecStart"]?.first?.contains(" proxy --config=/etc/fairlead/config.yaml") == true)
        #expect(settings["Restart"] == ["always"] && settings["StartLimitIntervalSec"] == ["0"])
    }

    /// Everything else under /proc/sys is read-only to it.
    @Test("may set the network's kernel parameters only")
    func kernelParameters() {
        #expect(settings["ProtectSystem"] == ["strict"] && settings["ProtectKernelTunables"] == ["yes"])
        #expect(settings["ReadWritePaths"] == ["/proc/sys/net -/sys/module/nf_conntrack/parameters"])
    }

    @Test("keeps the file of the pods' networks where the CNI plugin looks for it, also while the daemon is stopped")
    func runtimeDirectory() {
        #expect(settings["RuntimeDirectory"] == ["fairlead"] && settings["RuntimeDirectoryMode"] == ["0755"])
        #expect(settings["RuntimeDirectoryPreserve"] == ["yes"])
    }

    @Test("has the configuration of the DaemonSet, but for where its kubeconfig is")
    func sameConfiguration() throws {
        let objects = try PackagingFile.documents(PackagingFile.text("packaging/kubernetes/fairlead.yaml"))
        let map = try #require(objects.first { $0["kind"]?.string == "ConfigMap" })
        let other = try PackagingFile.document(try #require(map.at("data", "config.conf").string))
        #expect(configuration.mapping?.count == other.mapping?.count)
        for (key, value) in try #require(configuration.mapping) where key.string != "clientConnection" {
            #expect(other.mapping?[key] == value, "\(key.string ?? "")")
        }
    }

    @Test(
        "is installed, removed and purged by scripts that a shell can read", arguments: ["postinst", "prerm", "postrm"])
    func scripts(name: String) throws {
        let script = try PackagingFile.text("packaging/debian/\(name)")
        #expect(script.hasPrefix("#!/bin/sh\nset -e\n"))
        // A system without systemd has none of these.
        for line in script.split(separator: "\n") where line.contains("deb-systemd-invoke ") {
            #expect(line.contains("[ -x /usr/bin/deb-systemd-invoke ]"), "\(line)")
        }
    }
}

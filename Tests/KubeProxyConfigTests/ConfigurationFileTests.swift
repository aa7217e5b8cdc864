import KubeAPI
import Testing

@testable import KubeProxyConfig

@Suite("The configuration file")
struct ConfigurationFileTests {
    private func file(_ body: String) throws -> ConfigurationFile {
        try ConfigurationFile(name: "config.conf", text: Texts.header + body)
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFile(name: "config.conf", text: text)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("of kubeadm is that of the defaults with its two values, and nothing is to be said about it")
    func kubeadm() throws {
        let file = try ConfigurationFile(name: "config.conf", text: Texts.kubeadm)
        var expected = KubeProxyConfiguration()
        expected.clientConnection.kubeconfig = "/var/lib/kube-proxy/kubeconfig.conf"
        expected.clusterCIDR = "10.244.0.0/16"
        expected.mode = "nftables"
        #expect(file.configuration == expected)
        let effective = try EffectiveConfiguration(checking: file.configuration, from: file)
        #expect(effective.warnings == [])
        #expect(effective.notices == [])
        #expect(effective.configuration.podDetection == .networks([try .init("10.244.0.0/16")]))
        #expect(effective.configuration.minSyncPeriod == nil)
    }

    @Test("with an empty mode is nftables, and a notice says so")
    func emptyMode() throws {
        let text = Texts.kubeadm.replacing("mode: nftables", with: "mode: \"\"")
        let file = try ConfigurationFile(name: "config.conf", text: text)
        let effective = try EffectiveConfiguration(checking: file.configuration, from: file)
        #expect(effective.configuration.mode == "nftables")
        #expect(effective.warnings == [])
        #expect(effective.notices.count == 1)
        #expect(effective.notices.first?.hasPrefix("config.conf, line 52: mode: is empty: Fairlead runs as") == true)
    }

    @Test("has every field read and written")
    func everything() throws {
        let file = try ConfigurationFile(name: "config.conf", text: Texts.everything)
        #expect(file.warnings == [])
        let read = file.configuration
        #expect(read.document.yaml == Texts.everything)
        #expect(try ConfigurationFile(name: "", text: read.document.yaml).configuration == read)
        // No field is left at its default, so none can have been lost on the way in and out.
        let defaults = Self.leaves(KubeProxyConfiguration().document)
        let leaves = Self.leaves(read.document)
        // Of the two formats one is the default, and the other has no vmodule.
        for (path, value) in leaves where !["apiVersion", "kind", "logging.format"].contains(path) {
            #expect(value != defaults[path], "\(path)")
        }
        #expect(Set(defaults.keys).subtracting(leaves.keys) == ["ipvs.excludeCIDRs", "nodePortAddresses"])
    }

    private static func leaves(_ value: ConfigurationValue, at path: String = "") -> [String: ConfigurationValue] {
        let children: [(String, ConfigurationValue)]
        switch value {
        case .object(let fields): children = fields.map { (path.isEmpty ? $0.key : "\(path).\($0.key)", $0.value) }
        case .list(let items): children = items.enumerated().map { ("\(path)[\($0.offset)]", $0.element) }
        default: return [path: value]
        }
        return children.reduce(into: [:]) { $0.merge(leaves($1.1, at: $1.0)) { $1 } }
    }

    @Test("with unknown fields is used, and each of them is a warning with its line")
    func unknownFields() throws {
        let file = try file("bindaddress: 1.2.3.4\nconntrack:\n  min: 5\n  max: 7\nfoo: {a: 1}\n")
        #expect(file.configuration.conntrack.min == 5)
        #expect(file.configuration.bindAddress == "0.0.0.0")
        #expect(
            file.warnings == [
                "config.conf, line 6: conntrack.max: unknown field; it is ignored",
                "config.conf, line 3: bindaddress: unknown field (did you mean 'bindAddress'?); it is ignored",
                "config.conf, line 7: foo: unknown field; it is ignored",
            ])
        #expect(try EffectiveConfiguration(checking: file.configuration, from: file).warnings == file.warnings)
    }

    @Test("with fields of wrong types has all of them told, with line and field")
    func wrongTypes() {
        let body = """
            bindAddress: 1
            enableProfiling: "yes"
            conntrack:
              min: 4294967296
              udpTimeout: 5
              tcpBeLiberal: 1
            nodePortAddresses: primary
            iptables: []
            featureGates: {A: "on"}
            configSyncPeriod: 5 minutes
            clientConnection: {qps: many}
            logging: {verbosity: -1, flushFrequency: true, options: {text: {infoBufferSize: big}}}
            """
        let expected = [
            "line 13: clientConnection.qps: expected a number, found 'many'",
            "line 11: featureGates: expected an object whose values are true or false, found an object",
            "line 14: logging.flushFrequency: expected a duration such as '5s', or nanoseconds, found true",
            "line 14: logging.verbosity: expected a number that is not negative, of 32 bits, found -1",
            "line 14: logging.options.text.infoBufferSize: expected a quantity such as '64Ki', found 'big'",
            "line 3: bindAddress: expected a string, found 1",
            "line 4: enableProfiling: expected true or false, found 'yes'",
            "line 10: iptables: expected an object, found a list",
            "line 9: nodePortAddresses: expected a list, each item a string, found 'primary'",
            "line 6: conntrack.min: expected an integer of 32 bits, found 4294967296",
            "line 8: conntrack.tcpBeLiberal: expected true or false, found 1",
            "line 7: conntrack.udpTimeout: expected a duration such as '15m0s', found 5",
            "line 12: configSyncPeriod: expected a duration such as '15m0s', found '5 minutes'",
        ]
        #expect(Set(problems(Texts.header + body)) == Set(expected.map { "config.conf, \($0)" }))
    }

    /// Upstream's strict decoding refuses it, and its lenient decoding takes the last (sigs.k8s.io/yaml `YAMLToJSON`).
    @Test func ofKeysThatComeAgainTheLastCounts() throws {
        let file = try ConfigurationFile(
            name: "config.conf",
            text: Texts.header + """
                mode: ipvs
                conntrack: {min: 1, maxPerCore: 7}
                "mode": iptables
                conntrack:
                  min: 2
                  'min': 3
                mode: nftables
                """)
        #expect(file.configuration.mode == "nftables")
        #expect(file.configuration.conntrack.min == 3)
        // Not merged: the last mapping counts as a whole.
        #expect(file.configuration.conntrack.maxPerCore == 32_768)
        let expected = [
            "config.conf, line 3: key 'mode' is given again further down; the last one counts",
            "config.conf, line 4: key 'conntrack' is given again further down; the last one counts",
            "config.conf, line 5: key 'mode' is given again further down; the last one counts",
            "config.conf, line 7: key 'min' is given again further down; the last one counts",
        ]
        #expect(file.warnings.sorted() == expected)
    }

    @Test func jsonKeysThatComeAgainCountLast() throws {
        let text = #"{"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "A", "kind": "KubeProxyConfiguration"}"#
        let file = try ConfigurationFile(name: "config.json", text: text)
        #expect(file.warnings == ["config.json, line 1: key 'kind' is given again further down; the last one counts"])
    }

    @Test(
        "of another sort is refused",
        arguments: [
            ("kind: KubeProxyConfiguration", "config.conf: apiVersion: is required"),
            ("apiVersion: kubeproxy.config.k8s.io/v1alpha1", "config.conf: kind: is required"),
            (
                "apiVersion: kubeproxy.config.k8s.io/v1alpha2\nkind: KubeProxyConfiguration",
                "config.conf: apiVersion: 'kubeproxy.config.k8s.io/v1alpha2' is not"
            ),
            (
                "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeletConfiguration",
                "config.conf: kind: 'KubeletConfiguration' is not 'KubeProxyConfiguration'"
            ),
            ("", "config.conf: no configuration in it"),
            ("- 1", "config.conf: expected an object, found a list"),
            ("Twas bryllyg, and ye slythy toves", "config.conf: expected an object, found 'Twas"),
            (Texts.header + "bindAddress: ::", "config.conf, line 3: not valid YAML"),
        ])
    func refused(text: String, problem: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(problem) == true, "\(found)")
    }

    @Test("can be JSON, with lines all the same")
    func json() throws {
        let text = """
            {
              "apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
              "bindAddress": "::",
              "foo": 1,
              "logging": {"flushFrequency": 6000000000}
            }
            """
        let file = try ConfigurationFile(name: "config.json", text: text)
        #expect(file.configuration.healthzBindAddress == "[::]:10256")
        #expect(file.configuration.metricsBindAddress == "[::1]:10249")
        #expect(file.configuration.logging.flushFrequency.duration == .seconds(6))
        #expect(file.warnings == ["config.json, line 4: foo: unknown field; it is ignored"])
    }

    @Test("has only its first document read, and a warning says so")
    func documents() throws {
        let file = try file("mode: nftables\n---\nmode: ipvs\n")
        #expect(file.configuration.mode == "nftables")
        #expect(file.warnings == ["config.conf: only the first document of the file is read"])
    }

    @Test("that cannot be read is named with the cause")
    func unreadable() {
        func problem(_ path: String) -> [String] {
            do throws(ConfigurationErrors) {
                _ = try ConfigurationFile(path: path)
                return []
            } catch {
                return error.problems
            }
        }
        #expect(problem("/nonexistent/config.conf") == ["/nonexistent/config.conf: no such file"])
        #expect(problem("/").count == 1)
    }
}

import FoundationEssentials
import KubeAPI
import Testing

@testable import KubeProxyConfig

@Suite("A configuration that is written")
struct DocumentTests {
    @Test("is that of upstream's defaults, where nothing is set")
    func defaults() throws {
        let effective = try EffectiveConfiguration(checking: KubeProxyConfiguration())
        #expect(effective.configuration.document.yaml == Texts.defaults)
    }

    @Test("reads back as the same, with nothing to be said about it")
    func again() throws {
        let original = try EffectiveConfiguration(checking: KubeProxyConfiguration()).configuration
        let file = try ConfigurationFile(name: "again", text: original.document.yaml)
        let again = try EffectiveConfiguration(checking: file.configuration, from: file)
        #expect(again.configuration == original)
        #expect(again.warnings == [])
        #expect(again.notices == [])
    }

    @Test("keeps every text, whatever YAML could take it for")
    func texts() throws {
        let texts = [
            "", " ", "a", "a b", "true", "No", "null", "~", "1", "1.5", "0x1f", "1e3", "1_000", "1.2.3", "1.2.3.4",
            "::",
            "[::]:80", "a: b", "a:", "#a", "a#b", "'", "\"", "\\", "a\nb", "\u{1}", "é", "-", "- a", "&a", "*a", "!a",
            "%a",
            "@a", "`a", "{}", "=", "<<", "y", "off", ".5", ".", "5s", "1.5h", "0b1", "12:30:45", "+1", "-1",
        ]
        for text in texts {
            var configuration = KubeProxyConfiguration()
            configuration.hostnameOverride = text
            configuration.nodePortAddresses = [text]
            configuration.featureGates = [text: true]
            let written = configuration.document.yaml
            let read = try ConfigurationFile(name: "", text: written).configuration
            #expect(read.hostnameOverride == text, "\(text.debugDescription)")
            #expect(read.nodePortAddresses == [text], "\(text.debugDescription)")
            #expect(read.featureGates == [text: true], "\(text.debugDescription)")
        }
    }

    @Test("is what /configz answers, under the name of its group")
    func configz() throws {
        let json = String(decoding: try JSON.encode(KubeProxyConfiguration().configz), as: UTF8.self)
        #expect(
            json.hasPrefix(
                #"{"kubeproxy.config.k8s.io":{"apiVersion":"kubeproxy.config.k8s.io/v1alpha1","bindAddress":"0.0.0.0","#
            ))
        #expect(json.contains(#""qps":5}"#) && json.contains(#""nodePortAddresses":null"#))
        #expect(json.contains(#""kind":"KubeProxyConfiguration""#) && json.contains(#""syncPeriod":"30s""#))
    }
}

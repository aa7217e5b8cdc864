import FoundationEssentials
import KubeAPI
import Testing

@testable import Manifest

/// "Service default/web@3" for each object and the text of each error.
private func load(_ text: String) -> (objects: [String], errors: [String]) {
    let file = ManifestFile(name: "web.yaml", text: text)
    return (file.objects.map { "\($0.object)@\($0.document):\($0.line)" }, file.errors.map(\.description))
}

private func service(_ name: String) -> String {
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: \(name)\nspec:\n  ports:\n  - port: 80\n"
}

@Suite struct ManifestFileTests {
    @Test func documentsAreLoadedWithTheirPlaces() throws {
        let text = """
            # The web server.
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              labels: {app: web, version: "1"}
            spec:
              type: NodePort
              selector: &selector
                app: web
              ports:
                - {name: http, port: 8080, targetPort: http, nodePort: 30599}
                - name: 'dns'
                  port: 0x35
                  protocol: UDP
            ---
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: Node
                metadata: {name: node-1}
              - apiVersion: v1
                kind: Pod
                metadata: {name: web-0, namespace: shop}
            """
        let file = ManifestFile(name: "web.yaml", text: text)
        #expect(file.errors.isEmpty)
        #expect(file.objects.map(\.object.description) == ["Service web", "Node node-1", "Pod shop/web-0"])
        #expect(file.objects.map(\.document) == [1, 2, 2] && file.objects.map(\.line) == [2, 20, 23])
        let service = file.objects[0].object
        #expect(service[["spec", "ports"]]?.array?.map { $0["port"]?.integer } == [8080, 53])
        #expect(service[["spec", "selector"]] == ["app": "web"])
        #expect(service.labels == ["app": "web", "version": "1"])
    }

    @Test func eachPartAtFaultIsToldAndHidesNoOther() {
        let text = [
            service("a"), "a: [1,\n", service("b"), "kind: Foo\nmetadata: {name: f, namespace: shop}\n", "just text\n",
            service("c"),
            "apiVersion: v1\nkind: List\nitems: [7, {kind: Node, apiVersion: v1, metadata: {name: node-1}}]\n",
        ].joined(separator: "---\n")
        let (objects, errors) = load(text)
        #expect(
            objects == ["Service a@1:1", "Service b@3:11", "Service c@6:24", "Node node-1@7:34"])
        #expect(
            errors == [
                "web.yaml, document 2, line 10, column 1: not valid YAML: did not find expected node content",
                "web.yaml, document 4 (Foo shop/f): apiVersion: is required, as text",
                "web.yaml, document 5: expected an object, found 'just text'",
                "web.yaml, document 7 (items[0]): expected an object, found 7",
            ])
    }

    @Test func itemsOfAListOfAKindAreOfThatKind() {
        let file = ManifestFile(
            name: "", text: "apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: a}}, {metadata: {name: b}}]\n"
        )
        #expect(file.objects.map(\.object.description) == ["Service a", "Service b"])
        #expect(file.objects.allSatisfy { $0.object.apiVersion == "v1" })
        #expect(ManifestFile(name: "", text: "apiVersion: v1\nkind: PodList\n").objects.isEmpty)
    }

    @Test(
        arguments: [
            ("", []), ("---\n", []), ("# only\n\n", []), ("---\n---\n# x\n---\n", []), ("null\n", []),
            ("---\n{}", ["S@1"]), ("{}\n---\n{}", ["S@1", "S@2"]), ("{}\n---\n---\n{}", ["S@1", "S@3"]),
            ("# c\n%YAML 1.2\n---\n{}\n", ["S@1"]), ("{}\n...\n{}\n", ["S@1", "S@2"]),
            ("--- {}\n--- # c\n{}", ["S@1", "S@2"]),
            ("\u{FEFF}---\r\n{}\r\n---\r\n{}", ["S@1", "S@2"]), ("{}\n...\n# c\n---\n{}", ["S@1", "S@2"]),
            ("{}\n----\n", ["E@1"]), ("{}\n---x\n", ["E@1"]),
        ] as [(String, [String])])
    func documentsArePartedAtMarkers(text: String, found: [String]) {
        let object = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"
        let file = ManifestFile(name: "", text: text.replacing("{}", with: object))
        #expect(file.objects.map { "S@\($0.document)" } + file.errors.map { "E@\($0.document ?? 0)" } == found)
    }

    @Test func markersWithinScalarsAreLeftAlone() throws {
        let text = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: a
              annotations:
                block: |
                  ---
                  x
                folded: >-
                  a
                  ---
                quoted: "a
                  ---
                  b"
            """
        let file = ManifestFile(name: "", text: text)
        #expect(file.errors.isEmpty)
        #expect(
            try #require(file.objects.first).object.annotations
                == ["block": "---\nx\n", "folded": "a ---", "quoted": "a --- b"])
    }

    @Test func jsonIsLoadedAsJSON() {
        let escaped =
            #"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "annotations": {"x": "\ud83d\ude00\/"}}}"#
        let file = ManifestFile(name: "", text: escaped)
        #expect(file.objects.first?.object.annotations == ["x": "😀/"] && file.errors.isEmpty)
        #expect(load("\n\t{\n\t\"kind\": }").errors.count == 1)
    }

    @Test func filesAreReadOrRefusedWithTheCause() throws {
        #expect(
            ManifestFile(path: "/nonexistent/x.yaml").errors.map(\.description) == [
                "/nonexistent/x.yaml: cannot be read: no such file"
            ])
        #expect(ManifestFile(path: "/").errors.map(\.description) == ["/: not a regular file"])
        #expect(ManifestFile(path: "/dev/zero").errors.map(\.description) == ["/dev/zero: not a regular file"])
        let large = String(repeating: "#", count: ManifestFile.maximumByteCount + 1)
        #expect(ManifestFile(name: "x", text: large).errors.map(\.description) == ["x: larger than 16 MiB"])
    }

    @Test func aFileIsReadThroughASymbolicLink() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "a file.yaml")
        try Data(service("a").utf8).write(to: file)
        let link = directory.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        let loaded = ManifestFile(path: link.path(percentEncoded: false))
        #expect(loaded.objects.map(\.object.description) == ["Service a"] && loaded.errors.isEmpty)
        try Data([0x61, 0xFF]).write(to: file)
        #expect(ManifestFile(path: file.path(percentEncoded: false)).errors.first?.problem == "not UTF-8 text")
    }
}

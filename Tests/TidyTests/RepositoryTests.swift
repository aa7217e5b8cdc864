import FoundationEssentials
import Testing
import Yams

@Suite("The repository")
struct RepositoryTests {
    /// Split, so that this file does not hold what it looks for.
    private static let machinePaths = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/"]
    private static let registryHosts = [
        "py" + "pi.org", "registry.npm" + "js.org", "crates" + ".io", "proxy.gol" + "ang.org", "pythonhost" + "ed.org",
        "deb.deb" + "ian.org",
    ]

    @Test("names no path of one machine and no host of a package registry", arguments: machinePaths + registryHosts)
    func foreignNames(name: String) {
        #expect(Repository.textFiles.count > 40)
        for file in Repository.textFiles where file.text.contains(name) {
            for (index, line) in file.lines.enumerated() where line.contains(name) {
                Issue.record("\(file.path):\(index + 1): \(name)")
            }
        }
    }

    @Test("has CNI configurations that are lists of plugins")
    func networkConfigurations() throws {
        struct List: Decodable {
            struct Plugin: Decodable { var type: String }
            var cniVersion: String
            var name: String
            var plugins: [Plugin]
        }
        let files = Repository.textFiles.filter { $0.path.hasSuffix(".conflist") }
        #expect(!files.isEmpty)
        for file in files {
            let list = try JSONDecoder().decode(List.self, from: Data(file.text.utf8))
            #expect(list.cniVersion.hasPrefix("1."), "\(file.path)")
            #expect(!list.name.isEmpty && !list.plugins.isEmpty, "\(file.path)")
        }
    }

    @Test("has manifests whose documents are Kubernetes objects")
    func manifests() throws {
        let files = Repository.textFiles.filter { $0.path.hasPrefix("demo/manifests/") }
        #expect(files.count >= 6)
        for file in files {
            // The sequence ends at an error and keeps it.
            var sequence = try Yams.load_all(yaml: file.text)
            var documents: [Any] = []
            while let document = sequence.next() { documents.append(document) }
            #expect(sequence.error == nil, "\(file.path)")
            #expect(!documents.isEmpty, "\(file.path)")
            for document in documents {
                let object = try #require(document as? [String: Any], "\(file.path)")
                let metadata = try #require(object["metadata"] as? [String: Any], "\(file.path)")
                #expect(object["apiVersion"] is String, "\(file.path)")
                #expect(object["kind"] is String, "\(file.path)")
                #expect(metadata["name"] is String, "\(file.path)")
            }
        }
    }

    @Test("has a README whose make commands are in the Makefile")
    func commands() throws {
        let readme = try Repository.file("README.md").text
        let makefile = try Repository.file("Makefile").lines + Repository.file("packaging/package.mk").lines
        let named = Set(readme.matches(of: #/(?:`|    )make ([a-z]+)/#).map { String($0.1) })
        #expect(named.isSuperset(of: ["demo", "test"]))
        for command in named {
            #expect(makefile.contains { $0.hasPrefix(command + ":") }, "Makefile has no '\(command)'")
        }
    }

    @Test("has scripts that can be run", arguments: [".ci/run", "bench/run", "demo/run"])
    func scripts(path: String) throws {
        #expect(FileManager.default.isExecutableFile(atPath: Repository.root + path))
        #expect(try Repository.file(path).text.hasPrefix("#!/usr/bin/env bash\n"))
    }

    @Test("has no trailing space and no tab in Swift, YAML and Markdown")
    func whitespace() {
        for file in Repository.textFiles where [".swift", ".yaml", ".md"].contains(where: file.path.hasSuffix) {
            for (index, line) in file.lines.enumerated() where line.hasSuffix(" ") || line.contains("\t") {
                Issue.record("\(file.path):\(index + 1): white space")
            }
        }
    }
}

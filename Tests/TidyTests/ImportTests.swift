import Testing

@Suite("The walls between the targets")
struct ImportTests {
    private let targets: [DeclaredTarget]
    private let table: ArchitectureTable

    init() throws {
        targets = DeclaredTarget.all(in: try Repository.file("Package.swift").text)
        table = ArchitectureTable(readme: try Repository.file("README.md").text)
    }

    @Test("README's table and Package.swift name the same targets, and the same dependencies")
    func tableAgreesWithPackage() {
        let products = targets.filter { $0.kind != .testTarget }
        #expect(products.count >= 10)
        #expect(Set(table.allowedImports.keys) == Set(products.map(\.name)))
        for target in products {
            let allowed = table.allowedImports[target.name] ?? []
            #expect(
                allowed.subtracting(ArchitectureTable.toolchainModules) == target.dependencies,
                "README.md allows \(target.name) other imports than Package.swift gives it")
        }
    }

    @Test("A target imports what its row allows, and nothing else")
    func importsAreAllowed() {
        var importCount = 0
        for target in targets where target.kind != .testTarget {
            let allowed = table.allowedImports[target.name] ?? []
            for file in Repository.swiftFiles(under: target.path) {
                for (module, line) in imports(in: file.text) {
                    importCount += 1
                    #expect(allowed.contains(module), "\(file.path):\(line): \(target.name) may not import \(module)")
                }
            }
        }
        #expect(importCount > 20)
    }

    @Test("A test target imports what Package.swift gives it")
    func testImportsAreDeclared() {
        for target in targets where target.kind == .testTarget {
            // The module of fairlead-bench is fairlead_bench.
            let modules = target.dependencies.map { String($0.map { $0 == "-" ? "_" : $0 }) }
            let allowed = ArchitectureTable.toolchainModules.union(modules)
            for file in Repository.swiftFiles(under: target.path) {
                for (module, line) in imports(in: file.text) {
                    #expect(allowed.contains(module), "\(file.path):\(line): \(target.name) may not import \(module)")
                }
            }
        }
    }

    @Test("C and system calls are in Netlink and in TestSupport only")
    func systemCallsAreConfined() {
        let libraries = Set(targets.filter { $0.kind == .systemLibrary || $0.name.hasPrefix("CL") }.map(\.name))
        #expect(libraries.contains("CLinux"))
        for (target, allowed) in table.allowedImports where !["Netlink", "TestSupport"].contains(target) {
            #expect(allowed.isDisjoint(with: libraries.union(["Glibc"])), "README.md allows \(target) system calls")
        }
    }

    @Test("Every Swift file belongs to a target")
    func filesBelongToTargets() {
        for file in Repository.swiftFiles(under: "Sources/", "Tests/", "bench/") {
            #expect(targets.contains { file.path.hasPrefix($0.path) }, "\(file.path) is in no target")
        }
    }
}

@Suite("How the walls are read")
struct ImportReadingTests {
    @Test(
        "An import is recognized in every spelling",
        arguments: [
            "import Net", "  import Net", "package import Net", "@testable import Net", "@preconcurrency import Net",
            "@_spi(Testing) package import Net", "import struct Net.IPAddress", "private import func Net.parse",
        ])
    func spellings(line: String) {
        #expect(imports(in: "// a file\n" + line + "\nlet important = 1\n").map(\.module) == ["Net"])
    }

    @Test("Comments are no imports", arguments: ["// import Net", "/// import Net", "let text = \"import Net\""])
    func comments(line: String) {
        #expect(imports(in: line).isEmpty)
    }

    @Test("Dependencies are read in all their forms")
    func dependencies() throws {
        let manifest = """
            let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
            // .target(name: "Ghost", dependencies: ["Net"]),
            .executableTarget(
                name: "tool", dependencies: ["Net", .product(name: "Yams", package: "Yams"), logging],
                path: "bench/Sources", swiftSettings: [.define("X")]),
            .testTarget(name: "ToolTests", dependencies: ["tool"]),
            .target(name: "Net", swiftSettings: safe),
            """
        let targets = DeclaredTarget.all(in: manifest)
        #expect(targets.map(\.name) == ["tool", "ToolTests", "Net"])
        #expect(targets.map(\.path) == ["bench/Sources/", "Tests/ToolTests/", "Sources/Net/"])
        #expect(targets.map(\.dependencies) == [["Net", "Yams", "Logging"], ["tool"], []])
    }

    @Test("The table is the one of the section Architecture")
    func table() {
        let readme = """
            | `Wrong` | x | `A` |
            ## Architecture
            | Target | One responsibility | May import |
            |---|---|---|
            | `Net` | values such as `IPAddress` | – |
            | `Netlink` | sockets | `Net`, `Glibc` |
            ## Next
            | `Other` | x | `B` |
            """
        #expect(ArchitectureTable(readme: readme).allowedImports == ["Net": [], "Netlink": ["Net", "Glibc"]])
    }
}

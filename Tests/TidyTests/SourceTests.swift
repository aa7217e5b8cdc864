import Testing

@Suite("The sources")
struct SourceTests {
    @Test("keep the rules", arguments: SourceRule.all)
    func rules(rule: SourceRule) {
        let files = Repository.swiftFiles(under: "Sources/")
        #expect(files.count > 20)
        for file in files where rule.appliesToExecutables || !file.path.hasPrefix("Sources/fairlead") {
            for line in rule.brokenLines(in: file.text) {
                Issue.record("\(file.path):\(line): \(rule.description)")
            }
        }
    }

    @Test("are files of at most 600 lines")
    func lengths() {
        for file in Repository.swiftFiles(under: "Sources/", "Tests/", "bench/") {
            let count = file.lines.count
            #expect(count <= 600, "\(file.path) has \(count) lines")
        }
    }

    @Test(
        "are found where they break a rule",
        arguments: [
            ("let x = try! f()", [1]), ("let x = y as! Int", [1]), ("    fatalError(\"no\")", [1]),
            ("print(x)", [1]), ("{ print (x) }", [1]), ("import Foundation", [1]),
            ("import struct Foundation.Data", [1]),
            ("final class A: @unchecked Sendable {}", [1]), ("nonisolated(unsafe) var a = 1", [1]),
            ("// Only one thread has it.\n\nfinal class A: @unchecked Sendable {}", [3]),
        ])
    func broken(text: String, lines: [Int]) {
        #expect(SourceRule.all.flatMap { $0.brokenLines(in: text) } == lines)
    }

    @Test(
        "are not where they keep them",
        arguments: [
            "// try! this", "let x = try? f()", "let x = y as? Int", "import FoundationEssentials", "blueprint(x)",
            "writer.print(x)", "// Only one thread has it.\nfinal class A: @unchecked Sendable {}",
            "// Only one thread has it.\n@frozen\nfinal class A: @unchecked Sendable {}",
        ])
    func kept(text: String) {
        #expect(SourceRule.all.flatMap { $0.brokenLines(in: text) } == [])
    }
}

import BenchReport
import Testing

@testable import fairlead_bench

@Suite("Peers of the benchmark")
struct SubjectTests {
    private static let values = ["kubeconfig": "/run/k.conf", "node": "node-0", "config": "/run/c.yaml"]

    @Test("a command's placeholders have values, also several in a word, and an = in it stays")
    func command() throws {
        let subject = try Subject(parsing: "other=/opt/other --kubeconfig={kubeconfig}  --name {node}/{node}")
        #expect(subject.name == "other")
        #expect(
            try subject.command(Self.values) == ["/opt/other", "--kubeconfig=/run/k.conf", "--name", "node-0/node-0"])
    }

    @Test("what is not name=command is refused", arguments: ["", "other", "=/opt/other", "other=", "other=  "])
    func malformed(text: String) {
        #expect(throws: BenchmarkError.self) { try Subject(parsing: text) }
    }

    @Test("an unknown placeholder is refused, and the known ones are named")
    func unknown() throws {
        let subject = try Subject(parsing: "other=/opt/other --at {place}")
        let error = #expect(throws: BenchmarkError.self) { try subject.command(Self.values) }
        #expect(error?.description.contains("{place}") == true && error?.description.contains("{node}") == true)
    }

    @Test(
        "whose table is followed comes from the configuration that it is given",
        arguments: [
            ("a=x {kubeconfig}", Subject.Table.fairlead), ("a=x --config {config}", .kubeProxy),
            ("a=x --config {config-iptables}", .nat),
        ])
    func table(text: String, table: Subject.Table) throws {
        #expect(try Subject(parsing: text).table == table)
    }
}

@Suite("Figures of several passes")
struct FigureCollectorTests {
    private static let quantity = FigureCollector.Quantity("burst", "commits", in: .count, includes: "all")

    @Test("each pass is a round, in the order in which quantities came first")
    func rounds() {
        let figures = FigureCollector(size: nil)
        let other = FigureCollector.Quantity("burst", "time", in: .seconds, includes: "all")
        figures.add(Self.quantity, "a", 1)
        figures.add(other, "a", 7)
        figures.add(Self.quantity, "b", 2)
        figures.add(Self.quantity, "a", 3)
        let found = figures.measurements
        #expect(found.map(\.subject) == ["a", "a", "b"] && found.map(\.quantity) == ["commits", "time", "commits"])
        guard case .rounds(let numbers) = found[0].value else {
            Issue.record("\(found[0].value)")
            return
        }
        #expect(numbers == [1, 3])
    }

    @Test("what cannot be measured once is absent in all rounds, with the reason")
    func absent() {
        let figures = FigureCollector(size: nil)
        figures.add(Self.quantity, "a", 1)
        figures.lack(Self.quantity, "a", reason: "it broke")
        #expect(figures.isLacking(Self.quantity, "a") && !figures.isLacking(Self.quantity, "b"))
        guard case .absent(let reason) = figures.measurements.first?.value else {
            Issue.record("not absent")
            return
        }
        #expect(reason == "it broke")
    }
}

import BenchReport
import Testing

@Suite("Links of a document")
struct RelativePathTests {
    @Test(
        "name a file from the document's folder",
        arguments: [
            ("bench/plots/a.svg", "bench/RESULTS.md", "plots/a.svg"),
            ("bench/plots/a.svg", "RESULTS.md", "bench/plots/a.svg"),
            ("plots/a.svg", "bench/RESULTS.md", "../plots/a.svg"),
            ("./bench//plots/a.svg", "bench/./RESULTS.md", "plots/a.svg"),
            ("bench/plots/a.svg", "benchmark/RESULTS.md", "../bench/plots/a.svg"),
            ("a/b/c.svg", "a/x/y/R.md", "../../b/c.svg"),
            ("a/../b/c.svg", "b/R.md", "c.svg"),
            ("../plots/a.svg", "../R.md", "plots/a.svg"),
            ("plots/a.svg", "../R.md", "plots/a.svg"),
            ("../plots/a.svg", "x/R.md", "../../plots/a.svg"),
            ("/srv/plots/a.svg", "/srv/R.md", "plots/a.svg"),
            ("/srv/plots/a.svg", "R.md", "/srv/plots/a.svg"),
            ("plots/a.svg", "/srv/R.md", "plots/a.svg"),
            ("a", "a", "a"),
        ])
    func link(target: String, document: String, expected: String) {
        #expect(RelativePath.path(to: target, from: document) == expected)
    }
}

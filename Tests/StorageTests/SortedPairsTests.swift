import Testing

@testable import Storage

@Suite("Pairs in the order of their keys")
struct SortedPairsTests {
    private func pair(_ key: String, _ revision: Revision = 1) -> KeyValue {
        KeyValue(key: key, value: [], createRevision: revision, modRevision: revision, version: 1)
    }

    @Test("agree with a dictionary that is sorted", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var pairs = SortedPairs()
        var model: [String: KeyValue] = [:]
        for step in 0..<6000 {
            // Grows to 1,500 or so, then shrinks.
            let key = "/\(random.next() % 40)/\(random.next() % 60)"
            let isRemoval = random.next() % 10 < (step < 4000 ? 2 : 8)
            let new = isRemoval ? nil : pair(key, Revision(step))
            pairs[key] = new
            model[key] = new
            #expect(pairs[key] == new)
            guard step % 100 == 0 else { continue }
            #expect(pairs.count == model.count)
            let prefix = "/\(random.next() % 40)/"
            let after = "\(prefix)\(random.next() % 60)"
            let limit = Int(random.next() % 20)
            let expected = model.values.filter { $0.key.hasPrefix(prefix) && $0.key > after }.sorted { $0.key < $1.key }
            let page = pairs.page(KeySpan(prefix: prefix), after: after, limit: limit)
            #expect(page.pairs == Array(expected.prefix(limit)))
            #expect(page.remaining == max(expected.count - limit, 0))
        }
        let all = pairs.page(KeySpan(prefix: ""), after: nil, limit: nil)
        #expect(all.pairs == model.values.sorted { $0.key < $1.key })
    }

    @Test("A copy keeps what it had")
    func copies() {
        var pairs = SortedPairs()
        for number in 1000..<2000 { pairs["/\(number)"] = pair("/\(number)") }
        let copy = pairs
        for number in 1000..<2000 { pairs["/\(number)"] = nil }
        #expect(pairs.count == 0)
        #expect(copy.page(KeySpan(prefix: "/"), after: nil, limit: nil).pairs.count == 1000)
    }

    @Test("A prefix is a span of keys")
    func spans() {
        let pods = KeySpan(prefix: "/registry/pods/")
        #expect(pods.contains("/registry/pods/default/web"))
        #expect(pods.contains("/registry/pods/\u{301}accent"))
        #expect(pods.contains("/registry/pods/\u{10FFFF}"))
        #expect(!pods.contains("/registry/pods"))
        #expect(!pods.contains("/registry/podsets/default/web"))
        #expect(KeySpan(prefix: "").contains("anything"))
        #expect(KeySpan(prefix: "a\u{10FFFF}").upper == "b")
        #expect(KeySpan(prefix: "\u{10FFFF}").upper == nil)
        #expect(KeySpan(prefix: "\u{D7FF}").upper == "\u{E000}")
        #expect(KeySpan(.key("/a")).contains("/a"))
        #expect(!KeySpan(.key("/a")).contains("/a/b"))
    }
}

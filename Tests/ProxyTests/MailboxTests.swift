import KubeAPI
import Testing

@testable import Proxy

@Suite("The mailbox keeps the last event of each object")
struct MailboxTests {
    private static func take(_ events: ProxyEvent...) -> [String] {
        var mailbox = Mailbox()
        for event in events { mailbox.append(parse(event)) }
        let taken = mailbox.take()
        #expect(mailbox.isEmpty)
        return taken.map(describe)
    }

    private static func parse(_ event: ProxyEvent) -> ParsedEvent {
        // Of this node's objects none is left out.
        ParsedEvent(event, ProxyConfiguration(nodeName: "n")) ?? .synced(.node)
    }

    private static func describe(_ event: ParsedEvent) -> String {
        switch event {
        case .service(let change): "service \(change.key.name) \(change.value?.ports[0].port ?? 0)"
        case .endpointSlice(let change): "slice \(change.key.name)"
        case .node(let change): "node \(change.key.name)"
        case .synced(let kind): "synced \(kind)"
        case .replaceServices(let all): "services \(all.count)"
        case .replaceEndpointSlices(let all): "slices \(all.count)"
        case .replaceNodes(let own): "nodes \(own.value == nil ? 0 : 1)"
        case .serviceCIDR(let change): "service CIDR \(change.key.name)"
        case .replaceServiceCIDRs(let all): "service CIDRs \(all.count)"
        }
    }

    private static func service(_ name: String, port: Int = 80) -> Service {
        makeService(name, ports: [ServicePortSpec(name: "http", port: port)])
    }

    @Test("the last event of an object counts, a deletion too")
    func lastCounts() {
        let taken = Self.take(
            .service(.added(Self.service("a", port: 1))), .service(.added(Self.service("b", port: 2))),
            .service(.modified(Self.service("a", port: 3))), .service(.deleted(Self.service("b"))))
        #expect(taken == ["service a 3", "service b 0"])
    }

    @Test("objects of one name but another kind or namespace are others")
    func keys() {
        let taken = Self.take(
            .service(.added(Self.service("a"))), .endpointSlice(.added(makeSlice(of: "a", [], name: "a"))),
            .node(.added(makeNode("n", []))), .service(.added(makeService("a", namespace: "other"))))
        #expect(taken.count == 4)
    }

    @Test("a new list makes all before it obsolete, of its kind; what comes after it counts")
    func lists() {
        let taken = Self.take(
            .service(.added(Self.service("a"))), .synced(.service), .node(.added(makeNode("n", []))),
            .replaceServices([]), .replaceServices([Self.service("b")]), .service(.added(Self.service("c"))),
            .synced(.service))
        #expect(taken == ["node n", "services 1", "service c 80"])
    }

    @Test("synced is kept once for each kind")
    func synced() {
        #expect(
            Self.take(.synced(.service), .synced(.endpointSlice), .synced(.service)) == [
                "synced service", "synced endpointSlice",
            ])
    }

    @Test("many events are as few: the last of each object, in the order of the first", arguments: [3, 8, 9, 10, 40])
    func many(count: Int) {
        var mailbox = Mailbox()
        for round in 1...3 {
            for number in 0..<count {
                mailbox.append(Self.parse(.service(.modified(Self.service("s\(number)", port: round)))))
            }
        }
        #expect(mailbox.take().map(Self.describe) == (0..<count).map { "service s\($0) 3" })
    }

    @Test("another node's object is no event here")
    func otherNodes() {
        let configuration = ProxyConfiguration(nodeName: "n")
        #expect(ParsedEvent(.node(.added(makeNode("m", []))), configuration)?.kind == nil)
    }
}

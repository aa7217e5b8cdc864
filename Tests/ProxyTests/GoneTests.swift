import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Objects that have gone, of which nothing but the name is known")
struct GoneTests {
    private func name(_ name: String, namespace: String = "default") -> ObjectName {
        ObjectName(namespace: namespace, name: name)
    }

    @Test("a Service, and its slice, go as by a deletion; others of the name stay")
    func serviceAndSlice() {
        var model = ModelUnderTest()
        model.add(makeService("web"), makeService("web", namespace: "b", clusterIPs: ["10.96.0.11"]))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        model.apply(.gone(.endpointSlice, name("web-1", namespace: "b")), .gone(.service, name("web-1")))
        #expect(model.lastChanges.isEmpty)
        model.apply(.gone(.endpointSlice, name("web-1")))
        #expect(model.endpoints("web") == [])
        model.apply(.gone(.service, name("web")))
        #expect(model.servicePorts.keys.map(\.namespace) == ["b"])
    }

    @Test("so do a ServiceCIDR and this node's Node, and no other Node")
    func cluster() throws {
        var model = ModelUnderTest()
        model.apply(.serviceCIDR(.added(makeServiceCIDR("more", ["10.97.0.0/16"]))))
        model.apply(.node(.added(makeNode(ModelUnderTest.nodeName, [("InternalIP", "192.0.2.1")]))))
        #expect(model.node?.serviceCIDRs == [try IPPrefix("10.97.0.0/16")])
        #expect(model.node?.nodePortAddresses == [try address("192.0.2.1")])
        model.apply(.gone(.node, name("other", namespace: "")))
        #expect(model.lastChanges.isEmpty)
        model.apply(
            .gone(.node, name(ModelUnderTest.nodeName, namespace: "")), .gone(.serviceCIDR, name("more", namespace: ""))
        )
        #expect(model.node?.serviceCIDRs == [])
        #expect(model.node?.nodePortAddresses == [])
    }

    @Test("what was wrong with it is forgotten")
    func problems() {
        var model = ModelUnderTest()
        model.add(makeSlice(of: "web", [makeEndpoint("foo")]))
        #expect(!model.model.ledger.current.isEmpty)
        model.apply(.gone(.endpointSlice, name("web-1")))
        #expect(model.model.ledger.current.isEmpty)
    }

    @Test("in the mailbox it takes the place of the object's other events, and they of it")
    func mailbox() {
        var mailbox = Mailbox()
        let configuration = ProxyConfiguration(nodeName: "this")
        func append(_ event: ProxyEvent) {
            if let parsed = ParsedEvent(event, configuration) { mailbox.append(parsed) }
        }
        func values() -> [Bool?] {
            mailbox.take().map { event in
                if case .service(let change) = event { change.value != nil } else { nil }
            }
        }
        append(.service(.added(makeService("web"))))
        append(.gone(.service, name("web")))
        #expect(values() == [false])
        append(.gone(.service, name("web")))
        append(.service(.added(makeService("web"))))
        #expect(values() == [true])
        append(.gone(.service, name("web")))
        append(.replaceServices([]))
        append(.gone(.node, name("other", namespace: "")))
        #expect(values() == [nil])
    }
}

import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Lists: what is there first, and what a new list replaces")
struct SyncTests {
    @Test("nothing is programmed before Services and EndpointSlices have both been listed", arguments: [true, false])
    func held(servicesFirst: Bool) {
        var model = ModelUnderTest(isSynced: false)
        model.add(makeService("web"))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        model.apply(.synced(.node), .synced(servicesFirst ? .service : .endpointSlice))
        #expect(model.lastChanges.isEmpty)
        #expect(model.nodePortAddresses == nil)
        model.apply(.synced(servicesFirst ? .endpointSlice : .service))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("the first changes are not empty even where nothing exists: what is left from before has to go")
    func emptyCluster() {
        var model = ModelUnderTest(isSynced: false)
        model.apply(.replaceServices([]), .replaceEndpointSlices([]))
        #expect(model.nodePortAddresses == [])
        #expect(model.lastChanges.servicePorts.isEmpty)
        model.apply([])
        #expect(model.lastChanges.isEmpty)
    }

    @Test("a new list of Services removes those that it lacks")
    func replaceServices() {
        var model = ModelUnderTest()
        let kept = makeService("kept")
        model.add(kept, makeService("gone", clusterIPs: ["10.96.0.11"]))
        model.add(makeSlice(of: "kept", [makeEndpoint("10.244.1.5")]))
        model.apply(.replaceServices([kept, makeService("new", clusterIPs: ["10.96.0.12"])]))
        #expect(Set(model.servicePorts.keys.map(\.service)) == ["kept", "new"])
        #expect(model.lastChanges.servicePorts.count == 2, "what is kept is not touched")
        #expect(model.endpoints("kept") == ["10.244.1.5:8080"])
    }

    @Test("a new list of EndpointSlices removes those that it lacks")
    func replaceSlices() {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        let kept = makeSlice(of: "web", [makeEndpoint("10.244.1.5")])
        model.add(kept, makeSlice(of: "web", [makeEndpoint("10.244.1.6")], name: "web-2"))
        model.apply(.replaceEndpointSlices([kept]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        model.apply(.replaceEndpointSlices([]))
        #expect(model.endpoints("web") == [])
    }
}

import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct ObjectDocumentTests {
    private func entries(_ json: String) throws -> [ObjectDocument.Entry] {
        try ObjectDocument(json: Data(json.utf8), defaultNamespace: "default").entries
    }

    @Test(arguments: Samples.all)
    func anObjectDecodesToItsKind(json: String) throws {
        let entry = try #require(try entries(json).first)
        let object = try entry.object.get()
        #expect(object.reference == entry.reference && entry.path.isEmpty)
        #expect(AnyKubernetesObject.resources.contains(object.resource))
    }

    @Test func aListIsUnfoldedAndOneBadItemHidesNoOther() throws {
        let list = """
            {"apiVersion": "v1", "kind": "List", "items": [
                \(Samples.node),
                {"apiVersion": "x/v1", "kind": "Foo", "metadata": {"name": "f", "namespace": "n"}},
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": "x"}]}},
                7,
                {"metadata": {"name": "s"}},
                {"apiVersion": "v1", "kind": "List", "items": [\(Samples.pod)]},
                {"apiVersion": "v1", "kind": "List", "items": null}]}
            """
        let entries = try entries(list)
        #expect(
            entries.map { entry in
                switch entry.object {
                case .success(let object): object.reference
                case .failure(let error): "\(entry.path) (\(entry.reference ?? "-")): \(error)"
                }
            } == [
                "Node node-1",
                "items[1] (Foo n/f): kind 'Foo' (apiVersion x/v1) is not one that Fairlead knows",
                "items[2] (Service default/s): spec.ports[0].port: expected an integer, found 'x'",
                "items[3] (-): apiVersion: is required, as text",
                "items[4] (s): apiVersion: is required, as text",
                "Pod default/web-7d9c-x2x",
            ])
    }

    @Test func theItemsOfAKindsListNeedNoKind() throws {
        let list = """
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSliceList", "metadata": {"resourceVersion": "1"},
             "items": [{"metadata": {"name": "a"}, "addressType": "IPv4", "endpoints": [], "ports": []}]}
            """
        let object = try #require(try entries(list).first).object.get()
        #expect(
            object
                == .endpointSlice(
                    EndpointSlice(metadata: ObjectMeta(name: "a", namespace: "default"), addressType: "IPv4")))
    }

    @Test func namespacesAreGivenToNamespacedObjectsOnly() throws {
        let node = #"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "namespace": "x"}}"#
        #expect(try entries(node)[0].object.get().metadata.namespace == "")
        let pod = #"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "n", "namespace": "x"}}"#
        #expect(try entries(pod)[0].object.get().metadata.namespace == "x")
    }

    @Test func aWholeThatIsNoObjectIsRefused() {
        for json in ["[]", "7", "null", "\"x\""] {
            #expect(throws: DecodeError.self) { try entries(json) }
        }
    }
}

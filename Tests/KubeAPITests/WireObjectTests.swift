import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct WireObjectTests {
    @Test func samplesAreReadAsJSONDecoderReadsThem() throws {
        try expectEqual(Service.self, Samples.service)
        try expectEqual(EndpointSlice.self, Samples.endpointSlice)
        try expectEqual(Node.self, Samples.node)
        try expectEqual(ServiceCIDR.self, Samples.serviceCIDR)
    }

    @Test(arguments: 0..<100)
    func randomObjectsAreReadAsJSONDecoderReadsThem(seed: UInt64) throws {
        var random = RandomObjects(seed: seed)
        try expectEqual(Service.self, random.json(random.service()))
        try expectEqual(EndpointSlice.self, random.json(random.endpointSlice()))
        try expectEqual(Node.self, random.json(random.node()))
        try expectEqual(ServiceCIDR.self, random.json(random.serviceCIDR()))
    }

    private func expectEqual<Object: WireObject & Reducible>(_ type: Object.Type, _ json: String) throws {
        let expected = try JSON.decode(type, from: Data(json.utf8)).reduced
        let read = try wire(type, json)
        #expect(read == expected, "\(json)")
    }

    @Test(arguments: [
        #"{"port": "eighty"}"#, #"{"port": 80.5}"#, #"{"port": 99999999999999999999}"#, #"{"port": true}"#,
        #"{"port": {}}"#, #"{"port": []}"#, #"{"port": null}"#, #"{}"#, #"{"port": 1, "nodePort": "x"}"#,
        #"{"port": 1, "name": 7}"#, #"{"port": 1, "protocol": {"a": [1]}}"#, #"7"#, #"null"#, #"[]"#,
        #"{"port": "\u001b\#(String(repeating: "x", count: 100))"}"#,
    ])
    func aPortAtFaultIsToldInTheSameWords(port: String) {
        let json = #"{"metadata": {"name": "a"}, "spec": {"ports": [{"port": 1}, \#(port)]}}"#
        #expect(wireFailure(Service.self, json) == failure(Service.self, json))
        #expect(wireFailure(Service.self, json).hasPrefix("spec.ports[1]"))
    }

    @Test(arguments: [
        #"{}"#, #"[]"#, #"7"#, #""x""#, #"null"#, #"{"metadata": {}}"#, #"{"metadata": null}"#,
        #"{"metadata": {"name": ""}}"#, #"{"metadata": {"name": 7}}"#, #"{"metadata": {"name": "a"}}"#,
        #"{"metadata": {"name": "a", "labels": []}}"#,
        #"{"metadata": {"name": "a", "labels": {"app.kubernetes.io/name": 7}}}"#,
        #"{"metadata": {"name": "a", "labels": {"80": []}}}"#,
        #"{"metadata": {"name": "a", "creationTimestamp": "soon"}}"#,
        #"{"metadata": {"name": "a", "creationTimestamp": 7}}"#,
        #"{"metadata": {"name": "a"}, "spec": {"ports": {}}}"#, #"{"metadata": {"name": "a"}, "spec": []}"#,
        #"{"metadata": {"name": "a"}, "spec": {"externalIPs": [1]}}"#,
        #"{"metadata": {"name": "a"}, "spec": {"externalIPs": ["1", null]}}"#,
        #"{"metadata": {"name": "a"}, "spec": {}, "status": {"loadBalancer": {"ingress": [{}, {"ip": {}}]}}}"#,
        #"{"kind": "Pod", "metadata": {"name": "a"}}"#, #"{"apiVersion": "v2"}"#, #"{"kind": 7}"#,
        #"{"metadata""#, "", " ", #"{"metadata": {"name": "a"}, "spec": {}} x"#,
        #"{"spec": {"ports": [{"port": tru}]}}"#,
        #"{"spec": {"clusterIP": 7}, "status" 3}"#, #"{"metadata": {"name": "a"}, "spec": {}}"#,
    ])
    func aServiceAtFaultIsToldInTheSameWords(json: String) {
        #expect(wireFailure(Service.self, json) == failure(Service.self, json))
    }

    @Test func flagsAndEndpointsAtFaultAreToldInTheSameWords() {
        for endpoint in [
            #"{"addresses": "x"}"#, #"{"conditions": {"ready": "yes"}}"#, #"{"hints": {"forZones": [{"name": 1}]}}"#,
            #"{"conditions": []}"#, #"{"nodeName": false}"#, #"{"zone": -0.50}"#,
        ] {
            let json = #"{"metadata": {"name": "a"}, "addressType": "IPv4", "endpoints": [\#(endpoint)]}"#
            #expect(wireFailure(EndpointSlice.self, json).hasPrefix("endpoints[0]."))
            if !endpoint.contains("zone\"") {
                #expect(wireFailure(EndpointSlice.self, json) == failure(EndpointSlice.self, json))
            }
        }
        let json = #"{"metadata": {"name": "a"}}"#
        #expect(wireFailure(EndpointSlice.self, json) == "addressType: is required")
    }

    @Test func ofAKeyThatAppearsTwiceTheLastValueCounts() throws {
        let json = """
            {"metadata": {"name": "a", "name": "b", "labels": {"x": "1", "x": "2"}, "uid": "u", "uid": null},
             "spec": {"ports": [{"port": 1}], "type": "NodePort"}, "spec": {"ports": [{"port": 2, "port": 3}]}}
            """
        let service = try wire(Service.self, json)
        #expect(service.metadata.name == "b" && service.metadata.labels == ["x": "2"] && service.metadata.uid == nil)
        #expect(service.spec.ports.map(\.port) == [3] && service.spec.type == "ClusterIP")
    }

    @Test func keysWithEscapesAreTheKeysThatTheyStandFor() throws {
        let json = #"{"m\u0065tadata": {"n\u0061me": "a", "labels": {"\u00e4\n": "\ud83d\ude00"}}, "sp\u0065c": {}}"#
        let service = try wire(Service.self, json)
        #expect(service.metadata.name == "a" && service.metadata.labels == ["ä\n": "😀"])
    }

    /// Text that is JSON but not Unicode costs its object only.
    @Test func textThatIsNotUnicodeIsAFieldAtFault() {
        for value in [#""\ud800""#, #""\udc00x""#, #""\ud800\u0041""#, #""a\ud83d""#] {
            let json = #"{"metadata": {"name": "a", "labels": {"app": \#(value)}}, "spec": {}}"#
            #expect(wireFailure(Service.self, json) == "metadata.labels.app: the text is not valid Unicode")
        }
        for unread in ["\\ud800", "\u{FFFD}"] {
            let json = #"{"metadata": {"name": "a", "generateName": "\#(unread)"}, "spec": {}}"#
            #expect(wireFailure(Service.self, json) == "decoded")
        }
        var bytes = Array(#"{"metadata": {"name": "a?"}, "spec": {}}"#.utf8)
        bytes[bytes.firstIndex(of: UInt8(ascii: "?")) ?? 0] = 0xFF
        #expect(
            throws: DecodeError.field(
                FieldError(
                    path: FieldPath([.field("metadata"), .field("name")]), problem: "the text is not valid Unicode"))
        ) {
            try wire(Service.self, bytes.span)
        }
    }

    @Test(arguments: Samples.all)
    func truncatedJSONIsAnErrorAtEveryByte(json: String) {
        let bytes = Array(json.utf8)
        for length in 0..<bytes.count {
            #expect(throws: DecodeError.malformed) { try wire(Service.self, bytes.span.extracting(0..<length)) }
        }
    }
}

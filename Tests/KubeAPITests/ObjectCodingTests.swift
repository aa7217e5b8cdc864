import FoundationEssentials
import Testing

@testable import KubeAPI

/// What decoding `json` throws, as text; "decoded" where it throws nothing.
func failure<Value: Decodable>(_ type: Value.Type, _ json: String) -> String {
    do throws(DecodeError) {
        _ = try JSON.decode(type, from: Data(json.utf8))
        return "decoded"
    } catch {
        return error.description
    }
}

func text(_ value: some Encodable) throws -> String { String(decoding: try JSON.encode(value), as: UTF8.self) }

@Suite struct ObjectCodingTests {
    @Test(arguments: Samples.typed)
    func objectsSurviveARoundTrip(type: any KubernetesObject.Type, json: String) throws {
        try checkRoundTrip(type, json)
    }

    private func checkRoundTrip<Object: KubernetesObject>(_ type: Object.Type, _ json: String) throws {
        let object = try JSON.decode(type, from: Data(json.utf8))
        let encoded = try JSON.encode(object)
        #expect(try JSON.decode(type, from: encoded) == object)
        #expect(try JSON.encode(object) == encoded)
        let header = "\"apiVersion\":\"\(type.resource.apiVersion)\""
        #expect(String(decoding: encoded, as: UTF8.self).contains(header))
    }

    @Test func aServiceHasEveryFieldThatItsJSONHas() throws {
        let service = try JSON.decode(Service.self, from: Data(Samples.service.utf8))
        #expect(service.reference == "Service default/web")
        #expect(service.metadata.creationTimestamp?.text == "2025-03-04T05:06:07Z")
        #expect(service.metadata.labels == ["app": "web", "app.kubernetes.io/name": "web"])
        let spec = service.spec
        #expect(spec.type == "LoadBalancer" && spec.clusterIP == "10.96.7.8" && spec.clusterIPs.count == 2)
        #expect(spec.ipFamilies == ["IPv4", "IPv6"] && spec.ipFamilyPolicy == "PreferDualStack")
        #expect(spec.externalIPs == ["192.0.2.10"] && spec.loadBalancerSourceRanges == ["198.51.100.0/24"])
        #expect(spec.externalTrafficPolicy == "Local" && spec.internalTrafficPolicy == "Cluster")
        #expect(spec.healthCheckNodePort == 31234 && spec.allocateLoadBalancerNodePorts == true)
        #expect(spec.loadBalancerClass == "example.com/lb" && spec.trafficDistribution == "PreferClose")
        #expect(spec.sessionAffinity == "ClientIP" && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds == 10800)
        #expect(spec.publishNotReadyAddresses && spec.selector == ["app": "web"])
        var dns = ServicePortSpec(name: "dns", protocol: "UDP", port: 53, targetPort: .int(5353))
        dns.appProtocol = "dns"
        let http = ServicePortSpec(name: "http", port: 8080, targetPort: .string("http"), nodePort: 30599)
        #expect(spec.ports == [http, dns])
        #expect(service.status?.loadBalancer?.ingress == [.init(ip: "203.0.113.5", ipMode: "VIP")])
    }

    @Test func anEndpointSliceHasEveryFieldThatItsJSONHas() throws {
        let slice = try JSON.decode(EndpointSlice.self, from: Data(Samples.endpointSlice.utf8))
        #expect(slice.metadata.labels[EndpointSlice.serviceNameLabel] == "web" && slice.metadata.generation == 7)
        #expect(slice.metadata.ownerReferences.first?.controller == true)
        #expect(slice.endpoints.map(\.firstAddress) == ["10.244.1.17", "10.244.2.9", nil])
        #expect(slice.endpoints.map(\.addresses.count) == [1, 2, 0])
        let first = slice.endpoints[0]
        #expect(first.conditions == EndpointConditions(ready: true, serving: true, terminating: false))
        #expect(first.nodeName == "node-1" && first.zone == "eu-1a" && first.hostname == nil)
        #expect(first.hints == EndpointHints(forZones: ["eu-1a"]))
        #expect(
            first.targetRef == ObjectReference(kind: "Pod", namespace: "default", name: "web-7d9c-x2x", uid: "c0ffee"))
        #expect(slice.endpoints[1].hostname == "web-0" && slice.endpoints[2].conditions == EndpointConditions())
        #expect(slice.ports.map(\.port) == [8080, nil])
    }

    @Test func podsNodesAndNamespacesHaveTheirFields() throws {
        let pod = try JSON.decode(Pod.self, from: Data(Samples.pod.utf8))
        #expect(pod.spec.nodeName == "node-1" && pod.spec.hostNetwork == true && pod.spec.subdomain == "web")
        #expect(pod.spec.containers[0].ports[0].containerPort == 8080 && pod.spec.containers[0].ports[0].hostPort == 80)
        #expect(pod.spec.initContainers[0].restartPolicy == "Always")
        #expect(
            pod.status.podIPs.map(\.ip) == ["10.244.1.17", "fd00:244::17"] && pod.status.conditions[0].type == "Ready")
        #expect(pod.metadata.deletionGracePeriodSeconds == 30 && pod.metadata.finalizers == ["example.com/guard"])
        let node = try JSON.decode(Node.self, from: Data(Samples.node.utf8))
        #expect(node.spec.podCIDRs.count == 2 && node.spec.taints[0].effect == "NoSchedule")
        #expect(node.status.addresses[0] == NodeStatus.Address(type: "InternalIP", address: "192.0.2.1"))
        #expect(try JSON.decode(Namespace.self, from: Data(Samples.namespace.utf8)).status?.phase == "Active")
    }

    @Test func whatIsAbsentOrNullIsZeroOrItsDefault() throws {
        let service = try JSON.decode(
            Service.self,
            from: Data(
                """
                {"metadata": {"name": "a", "namespace": null, "labels": {"app": null}, "annotations": null},
                 "spec": {"type": null, "selector": null, "clusterIP": null, "publishNotReadyAddresses": null,
                    "externalIPs": null, "ports": [{"port": 1, "protocol": null, "name": null, "nodePort": null}]}}
                """.utf8))
        var expected = Service(
            metadata: ObjectMeta(name: "a", labels: ["app": ""]), spec: ServiceSpec(ports: [ServicePortSpec(port: 1)]))
        #expect(service == expected)
        expected.spec.ports = []
        let bare = #"{"metadata": {"name": "a", "labels": {"app": ""}}, "spec": {}}"#
        #expect(try JSON.decode(Service.self, from: Data(bare.utf8)) == expected)
        let named = #"{"metadata": {"name": "a"}}"#
        #expect(try JSON.decode(Pod.self, from: Data(named.utf8)) == Pod(metadata: ObjectMeta(name: "a")))
        #expect(try JSON.decode(Node.self, from: Data(named.utf8)) == Node(metadata: ObjectMeta(name: "a")))
        let slice = #"{"metadata": {"generateName": "a-"}, "addressType": "IPv6", "endpoints": null, "ports": null}"#
        var metadata = ObjectMeta(name: "")
        metadata.generateName = "a-"
        #expect(
            try JSON.decode(EndpointSlice.self, from: Data(slice.utf8))
                == EndpointSlice(metadata: metadata, addressType: "IPv6"))
    }

    @Test func whatIsEmptyIsNotWritten() throws {
        let service = Service(
            metadata: ObjectMeta(name: "a", namespace: "b"), spec: ServiceSpec(ports: [ServicePortSpec(port: 80)]))
        #expect(
            try text(service) == """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"b"},\
                "spec":{"ports":[{"port":80,"protocol":"TCP"}],"type":"ClusterIP"}}
                """)
        #expect(
            try text(Pod(metadata: ObjectMeta(name: "a")))
                == #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#)
        #expect(
            try text(
                EndpointSlice(
                    metadata: ObjectMeta(name: "a"), addressType: "IPv4",
                    endpoints: [EndpointSpec(addresses: ["10.0.0.1"])]))
                    == """
                    {"addressType":"IPv4","apiVersion":"discovery.k8s.io/v1",\
                    "endpoints":[{"addresses":["10.0.0.1"],"conditions":{}}],"kind":"EndpointSlice",\
                    "metadata":{"name":"a"},"ports":[]}
                    """)
    }

    @Test func settingASeldomFieldOfACopyLeavesTheOriginal() {
        let original = EndpointSpec(addresses: ["10.0.0.1"])
        var copy = original
        copy.hostname = "web-0"
        let second = copy
        copy.hints = EndpointHints(forNodes: ["node-1"])
        #expect(original.hostname == nil && second.hints == nil && copy.hostname == "web-0" && copy != second)
        copy.hints = nil
        #expect(copy == second)
        copy.hostname = nil
        #expect(copy == original)
        copy.addresses.append("10.0.0.2")
        #expect(copy.addresses == ["10.0.0.1", "10.0.0.2"] && copy.firstAddress == "10.0.0.1" && copy != original)
    }

    /// A node holds 100,000 endpoints and 10,000 Services: growth here is growth there.
    @Test func valuesAreSmall() {
        #expect(MemoryLayout<EndpointSpec>.stride <= 64)
        #expect(MemoryLayout<ServiceSpec>.stride <= 144)
        #expect(MemoryLayout<Service>.stride <= 328)
        #expect(MemoryLayout<EndpointSlice>.stride <= 208)
    }
}

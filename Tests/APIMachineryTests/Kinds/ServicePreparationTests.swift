import KubeAPI
import Testing

@testable import APIMachinery

/// What a change of a Service keeps and drops (upstream's pkg/registry/core/service tests of `patchAllocatedValues`,
/// `normalizeClusterIPs` and `dropTypeDependentFields`).
@Suite struct ServicePreparationTests {
    private func write(_ spec: String, over old: String) throws -> Unstructured {
        let rules = try KindTable.row("svc")
        let before = try rules.written(#"{"metadata":{"name":"s","namespace":"d"},"spec":\#(old)}"#)
        return try rules.written(#"{"metadata":{"name":"s","namespace":"d"},"spec":\#(spec)}"#, over: before)
    }

    @Test func whatWasAllocatedStays() throws {
        let now = try write(
            #"{"type":"NodePort","ports":[{"name":"a","port":81},{"name":"b","port":82}]}"#,
            over: #"{"type":"NodePort","clusterIP":"10.0.0.1","ports":[{"name":"a","port":80,"nodePort":30080}]}"#)
        #expect(now.spec.text("clusterIP") == "10.0.0.1" && now.spec.texts("clusterIPs") == ["10.0.0.1"])
        #expect(now.spec.list("ports").map { $0.number("nodePort") } == [30080, 0])
        // A node port that another port has taken over is not given twice.
        let moved = try write(
            #"{"type":"NodePort","ports":[{"name":"a","port":81},{"name":"b","port":82,"nodePort":30080}]}"#,
            over: #"{"type":"NodePort","clusterIP":"10.0.0.1","ports":[{"name":"a","port":80,"nodePort":30080}]}"#)
        #expect(moved.spec.list("ports").map { $0.number("nodePort") } == [0, 30080])
    }

    @Test func nodePortsGoWithTheirType() throws {
        let old = #"{"type":"NodePort","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30080}]}"#
        let now = try write(
            #"{"type":"ClusterIP","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30080}]}"#, over: old)
        #expect(now.spec.list("ports")[0]["nodePort"] == nil)
        // Another one was asked for on purpose: that is for validation.
        let other = try write(
            #"{"type":"ClusterIP","clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30081}]}"#, over: old)
        #expect(other.spec.list("ports")[0].number("nodePort") == 30081)
    }

    @Test func addressesGoWithTheirType() throws {
        let old =
            #"{"clusterIP":"10.0.0.1","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80}]}"#
        let now = try write(
            #"{"type":"ExternalName","externalName":"a.b","clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80}]}"#,
            over: old)
        for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] { #expect(!now.spec.has(key), "\(key)") }
    }

    @Test func aBalancersFieldsGoWithTheirType() throws {
        let old =
            #"{"type":"LoadBalancer","clusterIP":"10.0.0.1","loadBalancerClass":"a/b","externalTrafficPolicy":"Local","healthCheckNodePort":32000,"ports":[{"port":80,"nodePort":30080}]}"#
        let now = try write(
            #"{"type":"ClusterIP","clusterIP":"10.0.0.1","loadBalancerClass":"a/b","allocateLoadBalancerNodePorts":true,"externalTrafficPolicy":"Local","healthCheckNodePort":32000,"ports":[{"port":80,"nodePort":30080}]}"#,
            over: old)
        let gone = [
            "loadBalancerClass", "allocateLoadBalancerNodePorts", "externalTrafficPolicy", "healthCheckNodePort",
        ]
        for key in gone { #expect(!now.spec.has(key), "\(key)") }
        #expect(now.text("status") == #"{"loadBalancer":{}}"#)
    }

    @Test func olderClientsKnowOneAddress() throws {
        let old = #"{"clusterIP":"10.0.0.1","ports":[{"port":80}]}"#
        #expect(try write(#"{"clusterIP":"10.0.0.1","ports":[]}"#, over: old).spec.texts("clusterIPs") == ["10.0.0.1"])
        let changed = try write(#"{"clusterIP":"10.0.0.2","clusterIPs":["10.0.0.1"],"ports":[]}"#, over: old)
        #expect(changed.spec.texts("clusterIPs") == ["10.0.0.2"])
    }

    @Test func theStatusIsNotTheClientsToWrite() throws {
        let rules = try KindTable.row("svc")
        let text =
            #"{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}"#
        let made = try rules.written(text)
        #expect(made.text("status") == #"{"loadBalancer":{}}"#)
        var balanced = made
        balanced["status"] = try object(text)["status"]
        #expect(
            try rules.written(#"{"metadata":{"name":"s"},"spec":{"type":"LoadBalancer"}}"#, over: balanced).status
                == balanced.status)
        // A write of the status changes nothing else.
        var written = balanced
        written[["spec", "type"]] = "ClusterIP"
        written[["metadata", "labels"]] = ["a": "b"]
        rules.prepareStatus(&written, made)
        #expect(written.spec == made.spec && written.status == balanced.status && written.labels == ["a": "b"])
    }
}

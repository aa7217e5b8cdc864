import FoundationEssentials
import KubeAPI
import Net
import Testing

@testable import ControlPlane

/// Single objects, discovery and what is refused.
@Suite struct APIReadTests {
    @Test func objectsAreServedWithTheirPaths() async throws {
        try await ServedStore.run { api in
            _ = try api.put(Service("web", type: "NodePort"))
            _ = try api.put(Node(metadata: ObjectMeta(name: "n1")))
            _ = try api.put(ServiceCIDR(metadata: ObjectMeta(name: "kubernetes"), cidrs: ["10.96.0.0/16"]))
            let answer = try await api.get("/api/v1/namespaces/default/services/web")
            #expect(answer.code == 200 && answer.headers["Content-Type"] == ["application/json"])
            let service: Service = try answer.decode()
            #expect(service.metadata.resourceVersion == "2" && service.spec.type == "NodePort")
            #expect(try await api.get("/api/v1/nodes/n1").decode(Node.self).metadata.name == "n1")
            let path = "/apis/networking.k8s.io/v1/servicecidrs/kubernetes"
            #expect(try await api.get(path).decode(ServiceCIDR.self).spec.cidrs == ["10.96.0.0/16"])
            #expect(try await api.get(path + "?resourceVersion=4").code == 200)
            #expect(try await api.failure(path + "?resourceVersion=5").reason == "Timeout")
        }
    }

    @Test func whatIsNotThere() async throws {
        try await ServedStore.run { api in
            let missing = try await api.failure("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/x")
            #expect(missing.message == "endpointslices.discovery.k8s.io \"x\" not found")
            #expect(missing.code == 404 && missing.details?.name == "x")
            for path in [
                "/nothing", "/api/v2", "/api/v1/configmaps", "/apis/apps", "/apis/apps/v1/deployments",
                "/api/v1/services/web", "/api/v1/namespaces/default/nodes", "/api/v1/namespaces/default/nodes/n1",
                "/api/v1/namespaces/default/services/web/status", "/openapi/v2", "/openapi/v3", "/healthz/etcd",
            ] {
                let status = try await api.failure(path)
                #expect(status.code == 404 && status.reason == "NotFound", "\(path)")
                #expect(status.message == "the server could not find the requested resource", "\(path)")
            }
        }
    }

    @Test func writesAreNotAllowed() async throws {
        try await ServedStore.run { api in
            let collection = "/api/v1/namespaces/default/services"
            for (method, path, verb) in [
                ("POST", collection, "create"), ("PUT", collection + "/web", "update"),
                ("PATCH", collection + "/web", "patch"), ("DELETE", collection + "/web", "delete"),
                ("DELETE", collection, "deletecollection"),
            ] {
                let answer = try await api.get(path, method: method, body: "{}")
                let status: Status = try answer.decode()
                #expect(answer.code == 405 && answer.headers["Allow"] == ["GET, HEAD"])
                #expect(status.reason == "MethodNotAllowed")
                #expect(status.message == "\(verb) is not supported on resources of kind \"services\"")
            }
            #expect(try await api.failure("/version", method: "POST").code == 405)
            let head = try await api.get("/api/v1/services", method: "HEAD")
            #expect(head.code == 200 && head.body.isEmpty)
        }
    }

    @Test func onlyJSONIsServed() async throws {
        try await ServedStore.run { api in
            let path = "/api/v1/services"
            let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
            for accept in ["application/vnd.kubernetes.protobuf", table, "application/yaml"] {
                let status = try await api.failure(path, accept: accept)
                #expect(status.code == 406 && status.reason == "NotAcceptable", "\(accept)")
            }
            for accept in ["*/*", "application/vnd.kubernetes.protobuf, application/json", table + ",application/json"]
            {
                #expect(try await api.get(path, accept: accept).code == 200, "\(accept)")
            }
        }
    }

    @Test func healthAndVersion() async throws {
        let gate = Gate()
        try await ServedStore.run(isReady: { gate.isOpen }) { api in
            for path in ["/healthz", "/livez", "/livez?verbose"] {
                let answer = try await api.get(path)
                #expect(answer.code == 200 && answer.text == "ok")
            }
            #expect(try await api.get("/readyz").code == 500)
            gate.open()
            #expect(try await api.get("/readyz").text == "ok")
            let version: [String: String] = try await api.get("/version").decode()
            #expect(version["gitVersion"]?.hasPrefix("v1.") == true && version["major"] == "1")
        }
    }

    @Test func discoveryNamesEveryKind() async throws {
        struct Resources: Decodable {
            struct Entry: Decodable {
                let name: String
                let kind: String
                let namespaced: Bool
                let verbs: [String]
            }
            let groupVersion: String
            let resources: [Entry]
        }
        struct Groups: Decodable {
            struct Group: Decodable {
                struct Version: Decodable { let groupVersion: String }
                let name: String
                let versions: [Version]
            }
            let groups: [Group]
        }
        try await ServedStore.run { api in
            #expect(try await api.get("/api").text.contains("\"versions\":[\"v1\"]"))
            var paths = ["/api/v1"]
            for group in try await api.get("/apis").decode(Groups.self).groups {
                #expect(try await api.get("/apis/\(group.name)").decode(Groups.Group.self).name == group.name)
                paths += group.versions.map { "/apis/\($0.groupVersion)" }
            }
            var found: [String: Resources.Entry] = [:]
            for path in paths {
                let document: Resources = try await api.get(path).decode()
                #expect(path.hasSuffix("/" + document.groupVersion))
                for entry in document.resources {
                    found["\(document.groupVersion)/\(entry.kind)"] = entry
                    #expect(entry.verbs == ["get", "list", "watch"])
                    #expect(try await api.get("\(path)/\(entry.name)").code == 200)
                }
            }
            // What the core can keep is what is served.
            for resource in AnyKubernetesObject.resources {
                let entry = found["\(resource.apiVersion)/\(resource.kind)"]
                #expect(entry?.name == resource.plural && entry?.namespaced == resource.isNamespaced)
            }
            #expect(found.count == AnyKubernetesObject.resources.count)
            #expect(try await api.get("/").text.contains("/apis/discovery.k8s.io/v1"))
        }
    }

    @Test func namesThatDNSMayGiveAreRefusedOnLoopback() async throws {
        let loopback = HostRule(servedAddress: IPAddress(v4: 0x7F00_0001), isAuthenticated: false)
        for host in [nil, "", "localhost", "LOCALHOST:1", "127.0.0.1:8001", "[::1]:8001", "[::1]", "10.0.0.1"] {
            #expect(throws: Never.self, "\(host ?? "nil")") { try loopback.check(host) }
        }
        for host in ["evil.example", "evil.example:8001", "localhost.example", "[evil]"] {
            #expect(throws: Status.self, "\(host)") { try loopback.check(host) }
            #expect(throws: Never.self) {
                try HostRule(servedAddress: IPAddress(v4: 0), isAuthenticated: false).check(host)
            }
        }
        try await ServedStore.run { api in
            var request = api.request("/api/v1/services")
            request.headers.replaceOrAdd(name: "Host", value: "evil.example:\(api.port)")
            let response = try await api.http.execute(request, timeout: .seconds(60))
            #expect(response.status.code == 403)
            _ = try await response.body.collect(upTo: 1 << 20)
        }
    }

    @Test func targets() {
        let services = ResourcePath(group: "", version: "v1", plural: "services", namespace: "a")
        #expect(RequestTarget(path: "/api/v1/namespaces/a/services") == .collection(services))
        #expect(RequestTarget(path: "/api/v1/namespaces/a/services/") == .collection(services))
        #expect(RequestTarget(path: "/api/v1/namespaces/a/services/w") == .object(services, name: "w"))
        let namespaces = ResourcePath(group: "", version: "v1", plural: "namespaces", namespace: nil)
        #expect(RequestTarget(path: "/api/v1/namespaces") == .collection(namespaces))
        #expect(RequestTarget(path: "/api/v1/namespaces/a") == .object(namespaces, name: "a"))
        #expect(RequestTarget(path: "/apis/g/v1") == .resources(group: "g", version: "v1"))
        #expect(RequestTarget(path: "/apis/g") == .group("g") && RequestTarget(path: "/apis") == .groups)
        #expect(RequestTarget(path: "") == .index && RequestTarget(path: "/version/x") == .unknown)
    }
}

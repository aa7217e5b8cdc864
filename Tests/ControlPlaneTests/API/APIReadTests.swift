import FoundationEssentials
import KubeAPI
import Net
import Testing

@testable import ControlPlane

/// Single objects, discovery and what is refused.
@Suite struct APIReadTests {
    @Test func objectsAreServedWithTheirPaths() async throws {
        try await ServedStore.run { api in
            _ = try await api.put(Service("web", type: "NodePort"))
            _ = try await api.put(Node(metadata: ObjectMeta(name: "n1")))
            _ = try await api.put(ServiceCIDR(metadata: ObjectMeta(name: "kubernetes"), cidrs: ["10.96.0.0/16"]))
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
                "/nothing", "/api/v2", "/api/v1/things", "/apis/things", "/apis/apps/v1/things",
                "/api/v1/services/web", "/api/v1/namespaces/default/nodes", "/api/v1/namespaces/default/nodes/n1",
                "/api/v1/namespaces/default/services/web/scale", "/openapi/v4", "/openapi/v3/api/v9",
                "/healthz/etcd",
            ] {
                let status = try await api.failure(path)
                #expect(status.code == 404 && status.reason == "NotFound", "\(path)")
                #expect(status.message == "the server could not find the requested resource", "\(path)")
            }
        }
    }

    @Test func methodsThatAPathHasNot() async throws {
        try await ServedStore.run { api in
            for (method, path, verb) in [
                ("PUT", "/api/v1/namespaces/default/services", "update"),
                ("PATCH", "/api/v1/namespaces/default/services", "patch"),
                ("POST", "/api/v1/namespaces/default/services/web", "create"),
            ] {
                let status = try await api.failure(path, method: method)
                #expect(status.code == 405 && status.reason == "MethodNotAllowed")
                #expect(status.message == "\(verb) is not supported on resources of kind \"services\"")
            }
            #expect(try await api.failure("/version", method: "POST").code == 405)
            let head = try await api.get("/api/v1/services", method: "HEAD")
            #expect(head.code == 200 && head.body.isEmpty)
        }
    }

    @Test func whatIsAcceptedIsServed() async throws {
        try await ServedStore.run { api in
            let path = "/api/v1/services"
            for accept in ["application/vnd.kubernetes.protobuf", "application/yaml"] {
                let status = try await api.failure(path, accept: accept)
                #expect(status.code == 406 && status.reason == "NotAcceptable", "\(accept)")
                #expect(status.message == "only the following media types are accepted: application/json")
            }
            let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
            for (accept, kind) in [
                ("*/*", "ServiceList"), ("application/vnd.kubernetes.protobuf, application/json", "ServiceList"),
                (table + ",application/json", "Table"),
                ("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "PartialObjectMetadataList"),
            ] {
                #expect(try await api.get(path, accept: accept).text.contains("\"kind\":\"\(kind)\""), "\(accept)")
            }
        }
    }

    @Test func healthAndVersion() async throws {
        let gate = Gate()
        try await ServedStore.run(isReady: { gate.isOpen }) { api in
            for path in ["/healthz", "/livez", "/livez/ping"] {
                let answer = try await api.get(path)
                #expect(answer.code == 200 && answer.text == "ok")
            }
            #expect(try await api.get("/readyz").code == 500)
            gate.open()
            #expect(try await api.get("/readyz").text == "ok")
            #expect(
                try await api.get("/livez?verbose").text == "[+]ping ok\n[+]store ok\nlivez check passed\n")
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
                for entry in document.resources where !entry.name.contains("/") && entry.verbs != ["create"] {
                    found["\(document.groupVersion)/\(entry.kind)"] = entry
                    #expect(
                        Set(entry.verbs).isSuperset(of: ["create", "delete", "get", "list", "patch", "update", "watch"])
                    )
                    #expect(try await api.get("\(path)/\(entry.name)").code == 200)
                }
            }
            // What nodes and their proxies live on is served.
            let kinds: [any KubernetesObject.Type] = [
                Service.self, EndpointSlice.self, Pod.self, Node.self, Namespace.self, ServiceCIDR.self,
            ]
            for resource in kinds.map({ $0.resource }) {
                let entry = found["\(resource.apiVersion)/\(resource.kind)"]
                #expect(entry?.name == resource.plural && entry?.namespaced == resource.isNamespaced)
            }
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

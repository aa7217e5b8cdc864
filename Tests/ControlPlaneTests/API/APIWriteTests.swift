import FoundationEssentials
import KubeAPI
import NIOCore
import NIOHTTP1
import Storage
import Testing

@testable import ControlPlane

/// Writes over HTTP, with upstream's answers.
@Suite struct APIWriteTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    private func serve(_ body: (ServedStore) async throws -> Void) async throws {
        try await ServedStore.run { api in
            try await api.registry.start()
            try await body(api)
        }
    }

    @Test func anObjectIsMadeReplacedAndDeleted() async throws {
        try await serve { api in
            let made = try await api.send("POST", Self.maps, #"{"metadata":{"name":"a"},"data":{"k":"1"}}"#)
            #expect(made.code == 201)
            var object = try made.tree()
            #expect(object["kind"] == "ConfigMap" && object["apiVersion"] == "v1")
            #expect(object[["metadata", "resourceVersion"]]?.string == String(api.store.revision))
            object["data"] = ["k": "2"]
            let replaced = try await api.send("PUT", "\(Self.maps)/a", String(decoding: object.json, as: UTF8.self))
            #expect(replaced.code == 200)
            #expect(try replaced.tree()["data"] == ["k": "2"])
            let stale = try await api.send("PUT", "\(Self.maps)/a", String(decoding: object.json, as: UTF8.self))
            #expect(stale.code == 409)
            let gone = try await api.send("DELETE", "\(Self.maps)/a", "")
            let status = try gone.tree()
            #expect(gone.code == 200 && status["kind"] == "Status" && status["status"] == "Success")
            #expect(status[["details", "kind"]] == "configmaps" && status[["details", "name"]] == "a")
        }
    }

    @Test func namesAndNamespacesMustFit() async throws {
        try await serve { api in
            let other = try await api.send("POST", Self.maps, #"{"metadata":{"name":"a","namespace":"other"}}"#)
            #expect(other.code == 400)
            #expect(
                try other.tree()["message"]?.string
                    == "the namespace of the provided object does not match the namespace sent on the request")
            let name = try await api.send("PUT", "\(Self.maps)/a", #"{"metadata":{"name":"b"}}"#)
            #expect(
                try name.tree()["message"]?.string
                    == "the name of the object (b) does not match the name on the URL (a)")
            let kind = try await api.send("POST", Self.maps, #"{"apiVersion":"v1","kind":"Secret"}"#)
            #expect(kind.code == 400)
        }
    }

    @Test func unknownFieldsAreToldOrRefused() async throws {
        try await serve { api in
            let body = #"{"metadata":{"name":"a"},"foo":1}"#
            let warned = try await api.send("POST", Self.maps + "?fieldValidation=Warn", body)
            #expect(warned.code == 201)
            #expect(warned.headers["Warning"] == [#"299 - "unknown field \"foo\"""#])
            let strict = try await api.send("POST", Self.maps + "?fieldValidation=Strict", body)
            #expect(strict.code == 400)
            #expect(
                try strict.tree()["message"]?.string
                    == "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field "
                    + "\"foo\"")
            let wrong = try await api.send("POST", Self.maps + "?fieldValidation=Never&dryRun=Some", body)
            #expect(
                try wrong.tree()["message"]?.string
                    == "CreateOptions.meta.k8s.io \"\" is invalid: [dryRun: Unsupported value: [\"Some\"]: supported "
                    + "values: \"All\", fieldValidation: Unsupported value: \"Never\": supported values: \"\", "
                    + "\"Ignore\", \"Strict\", \"Warn\"]")
        }
    }

    @Test func bodiesOfEveryKind() async throws {
        try await serve { api in
            let yaml = try await api.send(
                "POST", Self.maps, "metadata:\n  name: written\ndata:\n  k: v\n", type: "application/yaml")
            #expect(yaml.code == 201)
            let protobuf = try await api.send("POST", Self.maps, "k8s", type: "application/vnd.kubernetes.protobuf")
            #expect(protobuf.code == 400)
            let cbor = try await api.send("POST", Self.maps, "{}", type: "application/cbor")
            #expect(cbor.code == 415)
            #expect(
                try cbor.tree()["message"]?.string
                    == "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml, application/vnd.kubernetes.protobuf")
            let broken = try await api.send("POST", Self.maps, #"{"metadata":"#)
            #expect(broken.code == 400)
            let large = try await api.send("POST", Self.maps, String(repeating: " ", count: 3 * 1024 * 1024 + 1))
            #expect(large.code == 413)
            #expect(try large.tree()["message"]?.string == "Request entity too large: limit is 3145728")
        }
    }

    @Test func patches() async throws {
        try await serve { api in
            _ = try await api.send("POST", Self.maps, #"{"metadata":{"name":"a"},"data":{"k":"1","l":"2"}}"#)
            for (type, patch, data) in [
                ("application/merge-patch+json", #"{"data":{"k":null}}"#, ["l": "2"]),
                ("application/strategic-merge-patch+json", #"{"data":{"m":"3"}}"#, ["l": "2", "m": "3"]),
                ("application/json-patch+json", #"[{"op":"remove","path":"/data/l"}]"#, ["m": "3"]),
            ] {
                let answer = try await api.send("PATCH", "\(Self.maps)/a", patch, type: type)
                #expect(answer.code == 200, "\(type)")
                #expect(try answer.tree()["data"] == JSONValue(data), "\(type)")
            }
            let unknown = try await api.send("PATCH", "\(Self.maps)/a", "{}", type: "application/json")
            #expect(unknown.code == 415)
            let missing = try await api.send("PATCH", "\(Self.maps)/b", "{}", type: "application/merge-patch+json")
            #expect(missing.code == 404)
        }
    }

    @Test func collectionsAreDeletedBySelector() async throws {
        try await serve { api in
            for (name, color) in [("a", "red"), ("b", "blue"), ("c", "red")] {
                _ = try await api.send(
                    "POST", Self.maps, #"{"metadata":{"name":"\#(name)","labels":{"color":"\#(color)"}}}"#)
            }
            let answer = try await api.send("DELETE", Self.maps + "?labelSelector=color%3Dred", "")
            #expect(answer.code == 200)
            #expect(try answer.tree()["items"]?.array?.count == 2)
            let left = try await api.get(Self.maps).tree()["items"]?.array ?? []
            #expect(left.map { $0[["metadata", "name"]] } == ["b"])
        }
    }

    @Test func partsOfObjects() async throws {
        try await serve { api in
            let pods = "/api/v1/namespaces/default/pods"
            let pod = #"{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"nginx"}]}}"#
            #expect(try await api.send("POST", pods, pod).code == 201)
            let binding = #"{"metadata":{"name":"a"},"target":{"kind":"Node","name":"n1"}}"#
            #expect(try await api.send("POST", pods + "/a/binding", binding).code == 201)
            #expect(try await api.get(pods + "/a").tree()[["spec", "nodeName"]] == "n1")
            let status = try await api.send(
                "PATCH", pods + "/a/status", #"{"status":{"phase":"Running"}}"#, type: "application/merge-patch+json")
            #expect(status.code == 200)
            #expect(try status.tree()[["status", "phase"]] == "Running")
            let deleted = try await api.send("DELETE", pods + "/a", #"{"gracePeriodSeconds":7}"#)
            #expect(try deleted.tree()[["metadata", "deletionGracePeriodSeconds"]] == 7)
            #expect(try await api.get(pods + "/a/nonsense").code == 404)
            // What only the node has.
            #expect(try await api.get(pods + "/none/log").code == 404)
            #expect(try await api.get(pods + "/a/log?container=x").code == 400)
            let log = try await api.get(pods + "/a/log")
            #expect(log.code == 503)
            #expect(
                try log.tree()["message"]
                    == "pods/log of \"a\" is the kubelet's on node \"n1\", which this API server does not call: ask there"
            )
        }
    }

    @Test func collectionsAreDeletedAsListsShowThem() async throws {
        try await serve { api in
            let maps = "/api/v1/namespaces/default/configmaps"
            for number in 0..<6 {
                let map = #"{"metadata":{"name":"m\#(number)","labels":{"odd":"\#(number % 2)"}}}"#
                #expect(try await api.send("POST", maps, map).code == 201)
            }
            func left() async throws -> [String] {
                try await api.get(maps).tree()["items"]?.array?.compactMap { $0[["metadata", "name"]]?.string } ?? []
            }
            #expect(try await api.send("DELETE", maps + "?labelSelector=odd%3D1&dryRun=All", "").code == 200)
            #expect(try await left().count == 6)
            #expect(try await api.send("DELETE", maps + "?labelSelector=odd%3D1", "").code == 200)
            #expect(try await left() == ["m0", "m2", "m4"])
            // With a limit one page, as upstream has it.
            let page = try await api.send("DELETE", maps + "?limit=2", "")
            #expect(try page.tree()["items"]?.array?.count == 2)
            #expect(try await left() == ["m4"])
            #expect(try await api.send("DELETE", maps, "").code == 200)
            #expect(try await left().isEmpty)
        }
    }

    @Test func whoAmIAndWhatMayIDo() async throws {
        try await serve { api in
            let who = try await api.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
            #expect(who.code == 201)
            #expect(try who.tree()[["status", "userInfo", "username"]] == "system:admin")
            let may = try await api.send(
                "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                #"{"spec":{"resourceAttributes":{"verb":"create","resource":"pods"}}}"#)
            #expect(try may.tree()[["status", "allowed"]] == true)
        }
    }

    @Test func discoveryInOneDocument() async throws {
        try await serve { api in
            let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
            let answer = try await api.get("/apis", accept: accept)
            #expect(
                answer.headers["Content-Type"] == [
                    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
                ])
            let apps = try answer.tree()["items"]?.array?.first { $0[["metadata", "name"]] == "apps" }
            let resources = apps?["versions"]?.array?.first?["resources"]?.array ?? []
            let deployments = resources.first { $0["resource"] == "deployments" }
            #expect(deployments?["scope"] == "Namespaced" && deployments?["singularResource"] == "deployment")
            #expect(deployments?["subresources"]?.array?.map { $0["subresource"] } == ["scale", "status"])
            #expect(try await api.get("/api", accept: accept).text.contains("\"pods\""))
        }
    }
}

extension APIAnswer {
    func tree() throws -> JSONValue { try JSONValue(json: [UInt8](body)) }
}

extension ServedStore {
    /// A request with a body; without one where it is empty.
    func send(
        _ method: String, _ path: String, _ body: String, type: String = "application/json"
    ) async throws -> APIAnswer {
        var request = request(path)
        request.method = HTTPMethod(rawValue: method)
        if !body.isEmpty {
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await http.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return APIAnswer(
            code: Int(response.status.code), headers: response.headers, body: Data(bytes.readableBytesView))
    }
}

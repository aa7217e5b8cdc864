import AsyncHTTPClient
import FoundationEssentials
import KubeAPI
import NIOCore
import NIOHTTP1
import Storage
import Testing

@testable import ControlPlane

/// Random requests that are wrong: each gets an answer, and every refusal is a `Status` that is the client's fault.
@Suite struct APIFuzzTests {
    private static let bodies: [(path: String, object: String)] = [
        (
            "/api/v1/namespaces/default/configmaps",
            #"{"metadata":{"name":"a","labels":{"a":"b"}},"data":{"k":"v"},"binaryData":{"b":"AA=="}}"#
        ),
        (
            "/api/v1/namespaces/default/secrets",
            #"{"metadata":{"name":"a"},"type":"Opaque","data":{"k":"dg=="},"stringData":{"s":"t"}}"#
        ),
        (
            "/api/v1/namespaces/default/services",
            #"{"metadata":{"name":"a"},"spec":{"type":"NodePort","selector":{"app":"a"},"ports":[{"name":"p","port":80,"targetPort":"http","nodePort":30100},{"name":"q","port":81,"protocol":"UDP"}],"ipFamilyPolicy":"PreferDualStack","sessionAffinity":"ClientIP"}}"#
        ),
        (
            "/api/v1/namespaces/default/pods",
            #"{"metadata":{"name":"a","annotations":{"x":"y"}},"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"resources":{"requests":{"cpu":"100m","memory":"1Gi"}},"ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"path":"/","port":80}},"volumeMounts":[{"name":"v","mountPath":"/v"}]}],"volumes":[{"name":"v","emptyDir":{}}],"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchLabels":{"a":"b"}}}]}},"tolerations":[{"key":"k","operator":"Exists"}],"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}]}}"#
        ),
        (
            "/api/v1/nodes",
            #"{"metadata":{"name":"a"},"spec":{"podCIDR":"10.1.0.0/24","taints":[{"key":"k","effect":"NoSchedule"}]},"status":{"capacity":{"cpu":"2"},"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"conditions":[{"type":"Ready","status":"True"}]}}"#
        ),
        ("/api/v1/namespaces", #"{"metadata":{"name":"a"},"spec":{"finalizers":["kubernetes"]}}"#),
        (
            "/api/v1/namespaces/default/events",
            #"{"metadata":{"name":"a"},"involvedObject":{"kind":"Pod","name":"a","namespace":"default"},"reason":"R","message":"m","type":"Normal","firstTimestamp":"2026-01-01T00:00:00Z","count":1}"#
        ),
        (
            "/api/v1/namespaces/default/serviceaccounts",
            #"{"metadata":{"name":"a"},"automountServiceAccountToken":false}"#
        ),
        (
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            #"{"metadata":{"name":"a","labels":{"kubernetes.io/service-name":"a"}},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true},"hints":{"forZones":[{"name":"z"}]}}],"ports":[{"name":"p","port":80,"protocol":"TCP"}]}"#
        ),
        (
            "/apis/apps/v1/namespaces/default/deployments",
            #"{"metadata":{"name":"a"},"spec":{"replicas":2,"strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}},"selector":{"matchLabels":{"app":"a"},"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]},"template":{"metadata":{"labels":{"app":"a","k":"v"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#
        ),
        (
            "/apis/apps/v1/namespaces/default/statefulsets",
            #"{"metadata":{"name":"a"},"spec":{"serviceName":"a","selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}"#
        ),
        (
            "/apis/batch/v1/namespaces/default/cronjobs",
            #"{"metadata":{"name":"a"},"spec":{"schedule":"*/5 * * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}"#
        ),
        (
            "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
            #"{"metadata":{"name":"a"},"spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":80,"endPort":90}]}],"policyTypes":["Ingress"]}}"#
        ),
        (
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            #"{"metadata":{"name":"a"},"spec":{"minAvailable":"50%","selector":{"matchLabels":{"app":"a"}}}}"#
        ),
        (
            "/apis/coordination.k8s.io/v1/namespaces/default/leases",
            #"{"metadata":{"name":"a"},"spec":{"holderIdentity":"h","leaseDurationSeconds":15,"renewTime":"2026-01-01T00:00:00.000001Z"}}"#
        ),
        (
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            #"{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}"#
        ),
    ]

    /// What has no object of its own.
    private static let parts = [
        "", "/status", "/scale", "/eviction", "/binding", "/token", "/finalize", "/ephemeralcontainers", "/log",
    ]

    private struct Case {
        var method: HTTPMethod
        var path: String
        var type = "application/json"
        var accept = ""
        var body: [UInt8] = []
    }

    private static func make(_ mutation: inout RequestMutation) throws -> Case {
        let (path, text) = mutation.pick(bodies)
        let tree = try JSONValue(json: Array(text.utf8))
        let method = mutation.pick([HTTPMethod.POST, .POST, .PUT, .PATCH, .PATCH, .GET, .DELETE])
        let object = method == .POST ? "" : mutation.happens(80) ? "/a" : "/\(RequestMutation.escaped("A b/ü"))"
        let part = mutation.happens(15) ? mutation.pick(parts) : ""
        let query = mutation.query()
        var made = Case(method: method, path: "\(path)\(part.isEmpty ? object : "/a\(part)")?\(query)")
        if mutation.happens(20) {
            made.accept = mutation.pick([
                "application/json;as=Table;v=v1;g=meta.k8s.io",
                "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
                "application/yaml", "application/vnd.kubernetes.protobuf", ";;", "*/*",
            ])
        }
        switch method {
        case .GET: return made
        case .PATCH:
            made.type = mutation.pick([
                "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
                "application/apply-patch+yaml",
            ])
            if made.type.hasPrefix("application/apply") { made.path += "&fieldManager=m&force=true" }
            made.body =
                made.type.hasPrefix("application/json-patch")
                ? mutation.jsonPatch().json : mutation.mutated(tree).json
        default:
            made.body = mutation.mutated(tree).json
            if mutation.happens(10) { made.type = mutation.pick(["application/yaml", "text/html", ""]) }
        }
        if mutation.happens(40) { made.body = mutation.mutated(made.body) }
        return made
    }

    /// What upstream answers with 500, too.
    private static func isKnown(_ message: String) -> Bool {
        message == "resourceVersion should not be set on objects to be created" || message.hasPrefix("target.")
            || message.hasPrefix("[target.")
    }

    private static func run(_ made: Case, _ api: ServedStore) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(api.port)\(made.path)")
        request.method = made.method
        if !made.accept.isEmpty { request.headers.add(name: "Accept", value: made.accept) }
        if !made.type.isEmpty { request.headers.add(name: "Content-Type", value: made.type) }
        if made.method != .GET { request.body = .bytes(ByteBuffer(bytes: made.body)) }
        let response = try await api.http.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 8 << 20)
        let code = Int(response.status.code)
        let text = "\(made.method) \(made.path) \(made.type) \(String(decoding: made.body, as: UTF8.self))"
        guard code >= 400 else {
            #expect((try? JSONValue(json: Array(body.readableBytesView))) != nil, "\(text): \(code)")
            return
        }
        let status = try? JSON.decode(Status.self, from: Data(body.readableBytesView))
        #expect(status?.code == code, "\(text): \(String(buffer: body))")
        if code >= 500 { #expect(isKnown(status?.message ?? ""), "\(text): \(String(buffer: body))") }
    }

    @Test(arguments: 1...8)
    func everyRefusalIsAStatus(seed: Int) async throws {
        var mutation = RequestMutation(seed: UInt64(seed))
        try await ServedStore.run { api in
            try await api.registry.start()
            for (path, object) in Self.bodies {
                let answer = try await api.get(path, method: "POST", body: object)
                #expect(answer.code == 201, "\(answer.text)")
            }
            for _ in 0..<400 { try await Self.run(try Self.make(&mutation), api) }
            // What has been written can be read.
            for kind in api.registry.kinds {
                let list = try await api.registry.list(kind.resource, namespace: nil)
                for object in list { #expect(!object.name.isEmpty) }
            }
        }
    }
}

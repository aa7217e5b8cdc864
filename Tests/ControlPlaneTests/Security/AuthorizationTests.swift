import FoundationEssentials
import KubeAPI
import Storage
import Synchronization
import Testing

@testable import ControlPlane

/// Who may do what: what an authorizer is asked, and what becomes of its answer.
@Suite struct AuthorizationTests {
    /// Allows what is named; keeps what it was asked.
    private final class Named: Authorizer {
        private let allowed: Set<String>
        private let asked = Mutex<[String]>([])

        init(_ allowed: Set<String> = []) { self.allowed = allowed }

        var questions: [String] { asked.withLock { $0 } }

        func decide(_ user: UserInfo, _ request: RequestAttributes) async -> AuthorizationDecision {
            let place =
                request.isResource
                ? "\(request.group)/\(request.version) \(request.resource)/\(request.subresource) "
                    + "\(request.namespace)/\(request.name)" : request.path
            asked.withLock { $0.append("\(user.name) \(request.verb) \(place)") }
            return allowed.contains("\(request.verb) \(request.resource)")
                ? AuthorizationDecision(.allowed, reason: "a rule says so") : AuthorizationDecision(.noOpinion)
        }

        func rules(of user: UserInfo, namespace: String) async -> AccessRules {
            AccessRules(
                resources: [.init(verbs: ["get"], groups: [""], resources: ["pods"], names: [namespace])], paths: [],
                isIncomplete: true)
        }
    }

    private func withServer(_ authorizer: Named, _ body: (ServedStore) async throws -> Void) async throws {
        let fixture = PKIFixture()
        _ = try fixture.pki.prepare(PKIFixture.profile())
        try fixture.write("a,anna,7,dev\nr,root,8,system:masters\n", "tokens")
        var configuration = APIServerConfiguration()
        configuration.security = APISecurity(
            Authenticator(serviceAccounts: nil, tokens: try StaticTokens(path: fixture.path("tokens"))),
            authorizer: authorizer)
        try await ServedStore.run(EmbeddedStore(), configuration) { api in
            try await api.registry.start()
            try await body(api)
        }
    }

    private func ask(
        _ api: ServedStore, _ path: String, _ method: String = "GET", body: String? = nil, token: String = "a",
        headers: [String: String] = [:]
    ) async throws -> APIAnswer {
        let headers = headers.merging(["Authorization": "Bearer \(token)"]) { $1 }
        return try await api.get(path, method: method, body: body, headers: headers)
    }

    @Test func authorizerIsAskedWithAllThatARequestSays() async throws {
        let authorizer = Named()
        try await withServer(authorizer) { api in
            for (method, path) in [
                ("GET", "/api/v1/pods"), ("GET", "/api/v1/namespaces/x/pods?watch=true"),
                ("GET", "/api/v1/pods?fieldSelector=metadata.name%3Da"), ("HEAD", "/api/v1/namespaces/x/pods/a"),
                ("POST", "/api/v1/namespaces/x/pods"), ("PUT", "/apis/apps/v1/namespaces/x/deployments/d/scale"),
                ("PATCH", "/api/v1/nodes/n/status"), ("DELETE", "/api/v1/namespaces/x/pods"),
                ("DELETE", "/api/v1/namespaces/x"), ("POST", "/api/v1/namespaces/x/pods/a/eviction"),
                ("GET", "/metrics"), ("GET", "/apis/apps/v1"), ("GET", "/healthz"),
            ] {
                let answer = try await ask(api, path, method)
                #expect(answer.code == 403, "\(method) \(path)")
            }
            #expect(
                authorizer.questions == [
                    "anna list /v1 pods/ /", "anna watch /v1 pods/ x/", "anna list /v1 pods/ /a",
                    "anna get /v1 pods/ x/a", "anna create /v1 pods/ x/", "anna update apps/v1 deployments/scale x/d",
                    "anna patch /v1 nodes/status /n", "anna deletecollection /v1 pods/ x/",
                    "anna delete /v1 namespaces/ x/x", "anna create /v1 pods/eviction x/a", "anna get /metrics",
                    "anna get /apis/apps/v1", "anna get /healthz",
                ])
            // Nobody asks for those who may do everything, nor for what everybody may see.
            #expect(try await ask(api, "/api/v1/pods", token: "r").code == 200)
            #expect(try await api.get("/healthz").code == 200)
            #expect(try await api.get("/metrics").code == 401)
            #expect(authorizer.questions.count == 13)
        }
    }

    @Test func refusalsSayWhatUpstreamSays() async throws {
        try await withServer(Named()) { api in
            for (method, path, message) in [
                (
                    "GET", "/api/v1/pods",
                    #"pods is forbidden: User "anna" cannot list resource "pods" in API group "" at the cluster scope"#
                ),
                (
                    "GET", "/apis/apps/v1/namespaces/x/deployments/d/scale",
                    #"deployments.apps "d" is forbidden: User "anna" cannot get resource "deployments/scale" in API group "apps" in the namespace "x""#
                ), ("GET", "/metrics", #"forbidden: User "anna" cannot get path "/metrics""#),
            ] {
                let status: Status = try await ask(api, path, method).decode()
                #expect(status.code == 403 && status.reason == "Forbidden" && status.message == message)
            }
        }
    }

    @Test func whoeverMayIsTakenForOthers() async throws {
        let authorizer = Named(["impersonate users", "impersonate userextras", "create selfsubjectreviews"])
        try await withServer(authorizer) { api in
            let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
            func who(_ headers: [String: String], token: String = "a") async throws -> APIAnswer {
                try await ask(api, path, "POST", body: "{}", token: token, headers: headers)
            }
            let ben = try await who(["Impersonate-User": "ben", "Impersonate-Extra-Reason%2fa": "x"])
            #expect(
                try JSONValue(json: [UInt8](ben.body))[["status", "userInfo"]] == [
                    "username": "ben", "groups": ["system:authenticated"], "extra": ["reason%2fa": ["x"]],
                ])
            #expect(
                authorizer.questions == [
                    "anna impersonate / users/ /ben",
                    "anna impersonate authentication.k8s.io/v1 userextras/reason%2fa /x",
                    "ben create authentication.k8s.io/v1 selfsubjectreviews/ /",
                ])
            let refused: Status = try await who(["Impersonate-User": "ben", "Impersonate-Group": "g"]).decode()
            #expect(
                refused.code == 403
                    && refused.message == "groups \"g\" is forbidden: User \"anna\" cannot impersonate resource "
                        + "\"groups\" in API group \"\" at the cluster scope"
            )
            // Those who may do everything, and then not any more.
            let account = "system:serviceaccount:x:robot"
            #expect(try await ask(api, "/api/v1/pods", token: "r", headers: ["Impersonate-User": account]).code == 403)
            let robot = try await who(["Impersonate-User": account], token: "r")
            #expect(
                try JSONValue(json: [UInt8](robot.body))[["status", "userInfo", "groups"]] == [
                    "system:serviceaccounts", "system:serviceaccounts:x", "system:authenticated",
                ])
            #expect(try await who(["Impersonate-Group": "g"]).code == 400)
        }
    }

    @Test func reviewsAnswerWithTheDecision() async throws {
        try await withServer(
            Named([
                "create selfsubjectaccessreviews", "create subjectaccessreviews", "list pods",
                "create localsubjectaccessreviews", "create selfsubjectrulesreviews",
            ])
        ) { api in
            let path = "/apis/authorization.k8s.io/v1"
            func status(_ place: String, _ spec: String, token: String = "a") async throws -> JSONValue {
                let answer = try await ask(api, path + place, "POST", body: #"{"spec":\#(spec)}"#, token: token)
                return try JSONValue(json: [UInt8](answer.body))["status"] ?? .null
            }
            let list = #"{"resourceAttributes":{"verb":"list","resource":"pods","namespace":"x"}}"#
            let delete = #"{"resourceAttributes":{"verb":"delete","resource":"pods","namespace":"x"}}"#
            let own = "/selfsubjectaccessreviews"
            #expect(try await status(own, list) == ["allowed": true, "reason": "a rule says so"])
            #expect(try await status(own, delete) == ["allowed": false])
            #expect(try await status(own, delete, token: "r") == ["allowed": true])
            #expect(
                try await status(own, #"{"nonResourceAttributes":{"verb":"get","path":"/metrics"}}"#)
                    == ["allowed": false])
            let others = #"{"user":"ben",\#(list.dropFirst())"#
            #expect(try await status("/subjectaccessreviews", others) == ["allowed": true, "reason": "a rule says so"])
            let masters = #"{"groups":["system:masters"],\#(delete.dropFirst())"#
            #expect(try await status("/subjectaccessreviews", masters) == ["allowed": true])
            #expect(
                try await status("/namespaces/x/localsubjectaccessreviews", others)
                    == ["allowed": true, "reason": "a rule says so"])
            let rules = try await status("/selfsubjectrulesreviews", #"{"namespace":"x"}"#)
            #expect(rules["resourceRules"]?.array?.first?["resourceNames"] == ["x"] && rules["incomplete"] == true)
        }
    }

    @Test func reviewsThatAskNothingAreRefused() async throws {
        try await withServer(Named()) { api in
            for (place, spec, message) in [
                (
                    "/selfsubjectaccessreviews", "{}",
                    "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"
                ),
                (
                    "/subjectaccessreviews", #"{"resourceAttributes":{"verb":"get"}}"#,
                    "spec.user: Invalid value: \"\": at least one of user or group must be specified"
                ),
                (
                    "/namespaces/y/localsubjectaccessreviews",
                    #"{"user":"a","resourceAttributes":{"verb":"get","namespace":"x"}}"#,
                    "spec.resourceAttributes.namespace: Invalid value: \"x\": must match metadata.namespace"
                ),
            ] {
                let answer = try await ask(
                    api, "/apis/authorization.k8s.io/v1" + place, "POST", body: #"{"spec":\#(spec)}"#, token: "r")
                let status: Status = try answer.decode()
                #expect(status.code == 422 && status.message.hasSuffix(message), "\(status.message)")
            }
        }
    }
}

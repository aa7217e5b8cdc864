import KubeAPI
import Testing

@testable import APIMachinery

@Suite("Bodies against their schemas")
struct SchemaCheckTests {
    private static func kind(_ text: String) -> GroupVersionKind {
        let parts = text.split(separator: "/").map(String.init)
        return GroupVersionKind(group: parts.count == 2 ? parts[0] : "", version: "v1", kind: parts.last ?? "")
    }

    private func read(
        _ kind: String, _ json: String, _ validation: FieldValidation = .warn
    ) throws -> (json: String, warnings: [String]) {
        let body = try TypedBody(json: Array(json.utf8), as: Self.kind(kind), validation: validation)
        return (String(decoding: body.object.tree.json, as: UTF8.self), body.warnings)
    }

    @Test(
        "that are right stay as they are",
        arguments: [
            (
                "Service",
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":"web"}],"selector":{"app":"a"}}}"#
            ),
            (
                "apps/Deployment",
                #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"a"}},"template":{"spec":{"containers":[{"image":"a","name":"a","resources":{"limits":{"cpu":"100m","memory":"1Gi"}}}]}}}}"#
            ),
            (
                "networking.k8s.io/NetworkPolicy",
                #"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","spec":{"ingress":[{}],"podSelector":{}}}"#
            ),
        ])
    func unchanged(kind: String, json: String) throws {
        let body = try read(kind, json, .strict)
        #expect(body.json == json)
        #expect(body.warnings == [])
    }

    @Test(
        "are normalised",
        arguments: [
            ("Pod", #"{"metadata":{"creationTimestamp":null,"labels":{}}}"#, #""metadata":{}"#),
            ("Pod", #"{"metadata":{"labels":{"a":null}}}"#, #""metadata":{"labels":{"a":""}}"#),
            ("Pod", #"{"spec":{"hostNetwork":false,"volumes":[]}}"#, #""spec":{}"#),
            ("Secret", #"{"data":{"a":"YW\nJj"}}"#, #""data":{"a":"YWJj"}"#),
            ("Pod", #"{"spec":{"hostUsers":false}}"#, #""spec":{"hostUsers":false}"#),
            ("Pod", #"{"spec":{"overhead":{"cpu":0.5}}}"#, #""spec":{"overhead":{"cpu":"500m"}}"#),
            (
                "Pod", #"{"spec":{"overhead":{"cpu":2,"memory":"1024Mi"}}}"#,
                #""spec":{"overhead":{"cpu":"2","memory":"1Gi"}}"#
            ),
            (
                "Pod", #"{"spec":{"volumes":[{"name":"a","emptyDir":{}}]}}"#,
                #""spec":{"volumes":[{"emptyDir":{},"name":"a"}]}"#
            ),
            (
                "Pod", #"{"metadata":{"creationTimestamp":"2024-01-02T03:04:05.678+01:00"}}"#,
                #""metadata":{"creationTimestamp":"2024-01-02T02:04:05Z"}"#
            ),
            (
                "coordination.k8s.io/Lease", #"{"spec":{"renewTime":"2024-01-02T03:04:05.1Z"}}"#,
                #""spec":{"renewTime":"2024-01-02T03:04:05.100000Z"}"#
            ),
        ])
    func normalised(kind: String, json: String, expected: String) throws {
        let body = try read(kind, json, .strict)
        #expect(body.json.contains(expected))
        #expect(try read(kind, body.json, .strict).json == body.json)
    }

    @Test(
        "of wrong types are refused in the words of Go's decoder",
        arguments: [
            (
                "Service", #"{"spec":{"ports":[{"port":"http"}]}}"#,
                "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
            ),
            (
                "Service", #"{"spec":{"ports":[{"protocol":6}]}}"#,
                "json: cannot unmarshal number into Go struct field ServicePort.spec.ports.protocol of type v1.Protocol"
            ),
            (
                "Service", #"{"spec":{"ports":{}}}"#,
                "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort"
            ),
            (
                "Service", #"{"spec":[]}"#,
                "json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec"
            ),
            (
                "Service", #"{"metadata":{"labels":{"a":1}}}"#,
                "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
            ),
            (
                "Service", #"{"spec":{"ports":[{"port":99999999999}]}}"#,
                "json: cannot unmarshal number 99999999999 into Go struct field ServicePort.spec.ports.port of type int32"
            ),
            (
                "Service", #"{"spec":{"ports":[{"targetPort":true}]}}"#,
                "json: cannot unmarshal bool into Go value of type int32"
            ),
            (
                "apps/Deployment", #"{"spec":{"replicas":"3"}}"#,
                "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
            ),
            (
                "Pod", #"{"spec":{"containers":[{"securityContext":{"capabilities":{"add":[1]}}}]}}"#,
                "json: cannot unmarshal number into Go struct field Capabilities.spec.containers.securityContext."
                    + "capabilities.add of type v1.Capability"
            ),
            ("Pod", #"{"spec":{"overhead":{"cpu":"many"}}}"#, QuantityError.format.description),
            (
                "Pod", #"{"metadata":{"creationTimestamp":"today"}}"#,
                #"parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006""#
            ),
            (
                "Pod", #"{"metadata":{"creationTimestamp":"2024-13-01T00:00:00Z"}}"#,
                #"parsing time "2024-13-01T00:00:00Z": month out of range"#
            ),
            ("Secret", #"{"data":{"a":"%%%%"}}"#, "illegal base64 data at input byte 0"),
            ("Secret", #"{"data":{"a":"YQ"}}"#, "illegal base64 data at input byte 2"),
        ])
    func wrongTypes(kind: String, json: String, expected: String) throws {
        let gvk = Self.kind(kind)
        let error = try #require(throws: Status.self) { try read(kind, json) }
        #expect(error.code == 400)
        #expect(error.message == "\(gvk.kind) in version \"v1\" cannot be handled as a \(gvk.kind): \(expected)")
    }

    private static let careless =
        #"{"spec":{"foo":1,"ports":[{"port":80},{"port":81,"port":82,"bar":{}}],"type":"ClusterIP","type":"NodePort"},"x":1}"#

    @Test("with unknown and doubled fields are refused when the client wants it")
    func strict() throws {
        let error = try #require(throws: Status.self) { try read("Service", Self.careless, .strict) }
        #expect(
            error.message
                == #"Service in version "v1" cannot be handled as a Service: strict decoding error: "#
                + #"unknown field "spec.foo", unknown field "spec.ports[1].bar", unknown field "x", "#
                + #"duplicate field "spec.ports[1].port", duplicate field "spec.type""#)
    }

    @Test(
        "with unknown and doubled fields lose them, with or without a warning",
        arguments: [FieldValidation.warn, .ignore])
    func lenient(validation: FieldValidation) throws {
        let body = try read("Service", Self.careless, validation)
        #expect(
            body.json
                == #"{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":80},{"port":82}],"type":"NodePort"}}"#
        )
        #expect(
            body.warnings
                == (validation == .ignore
                    ? []
                    : [
                        #"unknown field "spec.foo""#, #"unknown field "spec.ports[1].bar""#, #"unknown field "x""#,
                        #"duplicate field "spec.ports[1].port""#, #"duplicate field "spec.type""#,
                    ]))
    }

    @Test(
        "of another kind or version, or of none, are refused",
        arguments: [
            (#"{"kind":"Pod"}"#, "Pod in version \"v1\" cannot be handled as a Service"),
            (#"{"apiVersion":"v2"}"#, "the API version in the data (v2) does not match the expected API version (v1)"),
            ("[]", "json: cannot unmarshal array into Go value of type v1.Service"),
            ("{", "the object provided is unrecognized (must be of type Service): couldn't get version/kind"),
        ])
    func otherKinds(json: String, expected: String) throws {
        let error = try #require(throws: Status.self) { try read("Service", json) }
        #expect(error.code == 400)
        #expect(error.message.contains(expected))
    }

    @Test("Of many unknown fields a hundred are named")
    func manyUnknown() throws {
        let fields = (0..<300).map { #""f\#($0)":1"# }.joined(separator: ",")
        #expect(try read("Service", "{\"spec\":{\(fields)}}").warnings.count == 100)
    }
}

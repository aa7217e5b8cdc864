import FoundationEssentials
import Testing

@testable import KubeAPI

@Suite struct StatusTests {
    @Test func aStatusReadsAsUpstreamsDoes() throws {
        #expect(
            try text(Status.notFound(Service.resource, name: "web")) == """
                {"apiVersion":"v1","code":404,"details":{"kind":"services","name":"web"},"kind":"Status",\
                "message":"services \\"web\\" not found","metadata":{},"reason":"NotFound","status":"Failure"}
                """)
    }

    @Test(arguments: [
        (Status.alreadyExists(Pod.resource, name: "a"), 409, "AlreadyExists", #"pods "a" already exists"#),
        (
            .notFound(EndpointSlice.resource, name: "a"), 404, "NotFound",
            #"endpointslices.discovery.k8s.io "a" not found"#
        ),
        (
            .conflict(Service.resource, name: "a"), 409, "Conflict",
            """
            Operation cannot be fulfilled on services "a": the object has been modified; please apply your changes to \
            the latest version and try again
            """
        ),
        (.expired("too old resource version: 1 (5)"), 410, "Expired", "too old resource version: 1 (5)"),
        (.badRequest("no body"), 400, "BadRequest", "no body"),
        (
            .invalid(
                Service.resource, name: "a", causes: [.init(field: "spec.ports[0].port", message: "Invalid value: 0")]),
            422, "Invalid", #"Service "a" is invalid: spec.ports[0].port: Invalid value: 0"#
        ),
        (
            .invalid(
                EndpointSlice.resource, name: "a",
                causes: [.init(field: "x", message: "m"), .init(field: "", message: "n")]),
            422, "Invalid", #"EndpointSlice.discovery.k8s.io "a" is invalid: [x: m, n]"#
        ),
    ])
    func failuresAreWordedAsUpstreamWordsThem(status: Status, code: Int, reason: String, message: String) throws {
        #expect(status.code == code && status.reason == reason && status.message == message)
        #expect(try JSON.decode(Status.self, from: JSON.encode(status)) == status)
    }

    @Test func watchLinesSurviveARoundTrip() throws {
        let object = Namespace(metadata: ObjectMeta(name: "a"))
        let lines: [(WatchNotification<Namespace>, String)] = [
            (.change(.added(object)), "ADDED"), (.change(.modified(object)), "MODIFIED"),
            (.change(.deleted(object)), "DELETED"),
            (.bookmark(resourceVersion: "7"), "BOOKMARK"), (.error(.expired("too old")), "ERROR"),
        ]
        for (line, type) in lines {
            let encoded = try JSON.encode(line)
            #expect(String(decoding: encoded, as: UTF8.self).contains(#""type":"\#(type)""#))
            #expect(try JSON.decode(WatchNotification<Namespace>.self, from: encoded) == line)
        }
    }

    @Test(arguments: [
        (
            #"{"type":"BOOKMARK","object":{"kind":"Namespace","apiVersion":"v1","metadata":{"resourceVersion":"12746","creationTimestamp":null},"spec":{},"status":{}}}"#,
            "decoded"
        ),
        (#"{"type":"GONE","object":{}}"#, "type: 'GONE' is no type of a watch event"),
        (#"{"type":"ADDED"}"#, "object: is required"),
        (#"{"type":"ADDED","object":{"kind":"Pod"}}"#, "object.kind: expected 'Namespace', found 'Pod'"),
        (#"{"object":{}}"#, "type: is required"),
    ])
    func aWatchLineAtFaultIsTold(json: String, message: String) {
        #expect(failure(WatchNotification<Namespace>.self, json) == message)
    }
}

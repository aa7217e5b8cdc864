import Testing

@testable import KubeAPI

@Suite struct WireWatchReaderTests {
    private static let service = #"{"metadata":{"name":"web","namespace":"default","resourceVersion":"7"},"spec":{}}"#

    private static let watch = """
        {"type":"ADDED","object":\(service)}
        {"object":\(service),"type":"MODIFIED"}

        {"type":"DELETED","object":{"kind":"Service","metadata":{"name":"db","namespace":"a","resourceVersion":"8","x":[1]}}}
        {"type":"BOOKMARK","object":{"kind":"Service","metadata":{"resourceVersion":"9","creationTimestamp":null}}}
        {"type":"ADDED","object":{"metadata":{"name":"bad","namespace":"b","resourceVersion":"10"},\
        "spec":{"ports":[{"port":"eighty \\"x\\" }]"}]}}}
        {"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"11","annotations":{"k8s.io/initial-events-end":"true"}}}}
        \r
        { "type" : "ADDED" , "more" : [{}] , "object" : \(service) }\r
        {"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old","reason":"Expired","code":410}}

        """

    private static let lines = [
        "applied Service default/web 7", "applied Service default/web 7", "deleted Service a/db 8", "bookmark 9",
        #"unreadable Service b/bad: spec.ports[0].port: expected an integer, found 'eighty "x" }]' 10"#,
        "bookmark 11 end", "applied Service default/web 7", "error 410 too old",
    ]

    @Test func linesAreReadWhateverTheSizeOfThePieces() {
        for size in 1...Self.watch.utf8.count {
            #expect(watchLines(Service.self, Self.watch, pieceBytes: size) == Self.lines, "pieces of \(size) bytes")
        }
    }

    @Test func aLineThatWasCutOffIsNotHandedOut() {
        #expect(watchLines(Service.self, #"{"type":"ADDED","object":\#(Self.service)}"#) == ["broken"])
        #expect(watchLines(Service.self, "").isEmpty)
    }

    @Test(arguments: [
        ("{}", "type: is required"), ("[]", "expected an object, found a list"), ("x", "not valid JSON"),
        (#"{"type":"ADDED"}"#, "object: is required"), (#"{"type":"ADDED","object":null}"#, "object: is required"),
        (#"{"type":"ADDED","object":7}"#, "object: expected an object, found 7"),
        (#"{"type":7,"object":{}}"#, "type: expected a string, found 7"),
        (#"{"type":"RENAMED","object":{}}"#, "type: 'RENAMED' is no type of a watch event"),
        (#"{"type":"DELETED","object":{"metadata":{"name":7}}}"#, "object.metadata.name: is required"),
        (#"{"type":"ADDED","object":{"metadata":{"name":"a"},"spec":{]}}"#, "not valid JSON"),
        (#"{"type":"ADDED","object":{"metadata":{"name":"a"},"spec":{}}"#, "not valid JSON"),
        (#"{"type":"ADDED","object":{"spec":7}},"#, "not valid JSON"),
    ])
    func whatIsNoWatchEventEndsTheWatch(line: String, message: String) {
        for size in [1, 7, 1000] {
            let lines = watchLines(Service.self, "\(line)\n", pieceBytes: size)
            #expect(lines.filter { $0 != "broken" } == ["ended: \(message)"])
        }
    }

    @Test func anObjectWithoutANameIsUnreadableAllTheSame() {
        let line = #"{"type":"ADDED","object":{"metadata":{"resourceVersion":"3"},"spec":{}}}"# + "\n"
        #expect(watchLines(Service.self, line) == ["unreadable Service: metadata.name: is required 3"])
        let pod = #"{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","resourceVersion":"4"}}}"# + "\n"
        #expect(watchLines(Service.self, pod) == ["unreadable Service a: kind: expected 'Service', found 'Pod' 4"])
    }

    @Test func ofATypeOrAnObjectThatComesTwiceTheLastCounts() {
        let line = #"{"type":"ADDED","object":{"x":1},"object":\#(Self.service),"type":"DELETED"}"# + "\n"
        #expect(watchLines(Service.self, line) == ["deleted Service default/web 7"])
        let added = #"{"type":"DELETED","object":\#(Self.service),"type":"ADDED"}"# + "\n"
        #expect(watchLines(Service.self, added) == ["applied Service default/web 7"])
    }

    @Test func aLineHasALimit() {
        let line = #"{"type":"ADDED","object":\#(Self.service)}"# + "\n"
        for size in [1, 16, 50, 1000] {
            #expect(
                watchLines(Service.self, line, pieceBytes: size, lineLimitBytes: 64).first
                    == "ended: an object of more than 64 bytes")
        }
        #expect(
            watchLines(Service.self, line + line, pieceBytes: 10, lineLimitBytes: line.utf8.count).count == 2)
    }
}

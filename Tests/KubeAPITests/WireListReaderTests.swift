import Testing

@testable import KubeAPI

@Suite struct WireListReaderTests {
    private static func service(_ name: String) -> String {
        #"{"metadata":{"name":"\#(name)","namespace":"default","labels":{"a":"]}\"\\"}},"spec":{"ports":[{"port":80}]}}"#
    }

    private static let items = "[\(service("a")), \(service("b"))\n,\(service("c"))]"
    private static let names = ["Service default/a", "Service default/b", "Service default/c"]

    @Test(arguments: [
        #"{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"5","continue":"t","#
            + #""remainingItemCount":12},"items":\#(items)}"#,
        #" { "items" : \#(items) , "x" : {"y":["]"]}, "metadata":{"resourceVersion":"5","remainingItemCount":12,"#
            + #""continue":"t"}, "kind":"ServiceList"}"# + "\n",
    ])
    func objectsAreHandedOutWhateverTheSizeOfThePieces(list: String) {
        for size in 1...list.utf8.count {
            #expect(listItems(Service.self, list, pieceBytes: size) == Self.names + ["end 5 't' 12"])
        }
    }

    @Test func anObjectIsHandedOutBeforeTheNextOneComes() throws {
        let list = Array(#"{"metadata":{},"items":[\#(Self.service("a")),"#.utf8)
        var reader = ListReader<Service>()
        var names: [String] = []
        try reader.read(RawSpan(_elements: list.span)) {
            if case .success(let object) = $0 { names.append(object.metadata.name) }
        }
        #expect(names == ["a"])
    }

    @Test(arguments: [
        (#"{"metadata":{"resourceVersion":"1"},"items":null}"#, "end 1 '' -"), (#"{"metadata":{}}"#, "end  '' -"),
        (#"{"metadata":{},"items":[]}"#, "end  '' -"), (#"{"metadata":{},"items":[ ] }"#, "end  '' -"),
        (#"{"items":[]}"#, "ended: metadata: is required"), (#"{"metadata":null}"#, "ended: metadata: is required"),
        ("{}", "ended: metadata: is required"), ("", "ended: not valid JSON"),
        ("[]", "ended: expected an object, found a list"),
        ("7", "ended: not valid JSON"), ("<html>", "ended: not valid JSON"),
        (#"{"metadata":{},"items":{}}"#, "ended: items: expected a list, found an object"),
        (#"{"metadata":{},"items":7}"#, "ended: items: expected a list, found 7"),
        (#"{"metadata":{"resourceVersion":7}}"#, "ended: metadata.resourceVersion: expected a string, found 7"),
        (
            #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":403}"#,
            "ended: kind: expected 'ServiceList', found 'Status'"
        ),
        (#"{"kind":"PodList","metadata":{}}"#, "ended: kind: expected 'ServiceList', found 'PodList'"),
        (#"{"apiVersion":"v2","metadata":{}}"#, "ended: apiVersion: expected 'v1', found 'v2'"),
        (#"{"metadata":{},}"#, "ended: not valid JSON"), (#"{"metadata":{}} x"#, "ended: not valid JSON"),
        (#"{"metadata" {}}"#, "ended: not valid JSON"), (#"{"metadata":{},"items":[}"#, "ended: not valid JSON"),
        (#"{"metadata":{},"items":[,]}"#, "ended: not valid JSON"),
        (#"{"metadata":{},"items":[{"a":]}]}"#, "ended: not valid JSON"),
        (#"{"metadata":{},"x":tru}"#, "ended: not valid JSON"), (#"{"metadata":{},x:1}"#, "ended: not valid JSON"),
    ])
    func emptyListsAndWhatIsNone(list: String, end: String) {
        for size in [1, 3, 1000] { #expect(listItems(Service.self, list, pieceBytes: size) == [end], "\(list)") }
    }

    @Test func anObjectThatCannotBeReadHidesNoOther() {
        let bad = #"{"metadata":{"name":"bad","namespace":"x"},"spec":{"ports":[{"port":"eighty"}]}}"#
        let list = #"{"metadata":{},"items":[\#(Self.service("a")),\#(bad),7,null,{},[],\#(Self.service("c"))]}"#
        let expected = [
            "Service default/a",
            "unreadable Service x/bad: spec.ports[0].port: expected an integer, found 'eighty'",
            "unreadable Service: expected an object, found 7", "unreadable Service: expected an object, found null",
            "unreadable Service: metadata: is required", "unreadable Service: expected an object, found a list",
            "Service default/c", "end  '' -",
        ]
        for size in 1...list.utf8.count { #expect(listItems(Service.self, list, pieceBytes: size) == expected) }
    }

    @Test func aListThatEndsEarlyHandsOutWhatCameAndFails() {
        let list = #"{"metadata":{},"items":\#(Self.items)}"#
        for length in 0..<list.utf8.count {
            let items = listItems(Service.self, String(decoding: list.utf8.prefix(length), as: UTF8.self))
            #expect(items.last == "ended: not valid JSON" && Self.names.starts(with: items.dropLast()))
        }
    }

    @Test func anObjectHasALimit() {
        let list = #"{"metadata":{},"items":\#(Self.items)}"#
        for size in [1, 10, 1000] {
            let items = listItems(Service.self, list, pieceBytes: size, itemLimitBytes: 64)
            #expect(items == ["ended: an object of more than 64 bytes"])
        }
    }
}

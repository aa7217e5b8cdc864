import KubeAPI
import Testing

@testable import APIMachinery

@Suite struct TableDocumentTests {
    private let now = Timestamp("2030-01-01T00:00:00Z") ?? .now

    @Test(arguments: [
        (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (599, "9m59s"),
        (600, "10m"), (10_799, "179m"), (10_800, "3h"), (11_160, "3h6m"), (28_800, "8h"), (172_799, "47h"),
        (172_800, "2d"), (176_400, "2d1h"), (691_200, "8d"), (63_071_999, "729d"), (63_072_000, "2y"),
        (63_158_400, "2y1d"), (252_288_000, "8y"),
    ])
    func durations(seconds: Int, text: String) { #expect(HumanDuration.text(seconds: seconds) == text) }

    @Test func aTableIsWhatKubectlReads() throws {
        let rules = try KindTable.row("cm")
        let map = try object(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","creationTimestamp":"2029-12-31T23:59:00Z"},"data":{"k":"v"}}"#
        )
        let table = TableDocument(rules, inclusion: .metadata, now: now)
        let tree = try JSONValue(json: table.json(metadata: JSONObject(["resourceVersion": "7"]), [map, map]))
        #expect(tree.text("kind") == "Table")
        #expect(tree.text("apiVersion") == "meta.k8s.io/v1")
        #expect(tree.part("metadata") == ["resourceVersion": "7"])
        #expect(tree.list("columnDefinitions").map { $0.text("name") } == ["Name", "Data", "Age"])
        #expect(tree.list("columnDefinitions").map { $0.text("format") } == ["name", "", ""])
        let rows = tree.list("rows")
        #expect(rows.count == 2)
        #expect(rows[0].list("cells") == ["a", 1, "60s"])
        #expect(
            rows[0].field("object") == [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": ["name": "a", "creationTimestamp": "2029-12-31T23:59:00Z"],
            ])
    }

    /// Where the metadata of an object begins in its text.
    private func start(of text: String) throws -> Int {
        let place = try #require(text.firstRange(of: "\"metadata\":{"))
        return text.utf8.distance(from: text.startIndex, to: place.upperBound) - 1
    }

    @Test(arguments: [
        (#"{"metadata":{}}"#, #"{"resourceVersion":"7"}"#),
        (#"{"metadata":{"name":"a"},"spec":{}}"#, #"{"resourceVersion":"7","name":"a"}"#),
        (
            #"{"metadata":{"annotations":{"a":"}\"{\\","b":"{"},"name":"é"},"spec":{}}"#,
            #"{"resourceVersion":"7","annotations":{"a":"}\"{\\","b":"{"},"name":"é"}"#
        ),
        (
            #"{"metadata":{"managedFields":[{"f":{"k:{\"a\":1}":{}}}]}}"#,
            #"{"resourceVersion":"7","managedFields":[{"f":{"k:{\"a\":1}":{}}}]}"#
        ),
    ])
    func metadataIsPassedOn(text: String, expected: String) throws {
        let json = Array(text.utf8)
        var bytes: [UInt8] = []
        MetadataText(of: json.span, from: try start(of: text)).append(of: json.span, resourceVersion: "7", to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        // What is cut off leads nowhere, and ends.
        for count in 0..<json.count {
            var rest: [UInt8] = []
            MetadataText(of: Array(json[..<count]).span, from: 12).append(
                of: Array(json[..<count]).span, resourceVersion: "7", to: &rest)
        }
    }

    @Test func whatARowCarriesIsAsTheRequestSays() throws {
        let rules = try KindTable.row("po")
        let text =
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostname":"h"},"status":{"phase":"Failed"}}"#
        func row(_ inclusion: TableDocument.Inclusion) throws -> JSONValue {
            var bytes: [UInt8] = []
            try TableDocument(rules, inclusion: inclusion, now: now)
                .appendRow(
                    json: Array(text.utf8).span, metadataStart: try start(of: text), resourceVersion: "9", to: &bytes)
            return try JSONValue(json: bytes)
        }
        #expect(try row(.none)["object"] == .null)
        #expect(try row(.metadata)["object"]?["metadata"] == ["name": "a", "resourceVersion": "9"])
        #expect(try row(.object)["object"]?["spec"] == ["hostname": "h"])
        #expect(
            try row(.none).list("conditions") == [
                ["type": "Completed", "status": "True", "reason": "Failed", "message": "The pod failed."]
            ])
        #expect(try row(.object).list("cells") == row(.none).list("cells"))
    }

    /// Every column of every kind must show the same from the fields that it is said to read as from the whole object.
    @Test func columnsReadNoMoreThanTheirFields() throws {
        for rules in KindTable.kubernetes.rows where rules.columnFields != nil {
            let text = try #require(Samples.byKind[rules.resource.kind], "\(rules.resource.kind)")
            var bytes: [UInt8] = []
            try TableDocument(rules, inclusion: .none, now: now)
                .appendRow(json: Array(text.utf8).span, metadataStart: 0, resourceVersion: "", to: &bytes)
            let cells = try JSONValue(json: bytes).list("cells")
            let whole = try object(text)
            #expect(cells == rules.columns.map { $0.cell(whole, now) }, "\(rules.resource.kind)")
            #expect(cells == rules.cells(of: whole, now: now), "\(rules.resource.kind)")
        }
    }

    @Test func keysWithEscapesAreFieldsLikeOthers() throws {
        let mask = FieldMask(["spec.a", "spec.b.c", "status"])
        let text = #"{"sp\u0065c":{"a":1,"b":[{"c":2,"d":3},null,4]},"status":{"x":[]},"other":{"spec":{"a":1}}}"#
        #expect(
            try JSONValue(json: Array(text.utf8).span, keeping: mask) == [
                "spec": ["a": 1, "b": [["c": 2], .null, 4]], "status": ["x": []],
            ])
    }

    @Test func textThatIsNoObjectIsRefused() throws {
        let table = TableDocument(try KindTable.row("po"), inclusion: .metadata, now: now)
        var bytes: [UInt8] = []
        #expect(throws: DecodeError.self) {
            try table.appendRow(json: Array("[1".utf8).span, metadataStart: 0, resourceVersion: "", to: &bytes)
        }
        #expect(throws: DecodeError.self) {
            try table.appendRow(json: Array("[1]".utf8).span, metadataStart: 0, resourceVersion: "", to: &bytes)
        }
    }
}

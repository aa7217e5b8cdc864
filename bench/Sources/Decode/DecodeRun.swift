import BenchReport
import FoundationEssentials
import KubeAPI

/// Reads one text of JSON objects in the ways that are compared, in one thread.
struct DecodeRun<Object: WireObject> {
    /// The objects one by one.
    private let objects: [[UInt8]]
    /// They as the lines of a watch, one after the other.
    private let watch: [UInt8]
    /// They as one list.
    private let list: [UInt8]

    init(_ objects: [String]) {
        self.objects = objects.map { Array($0.utf8) }
        watch = objects.flatMap { Array("{\"type\":\"ADDED\",\"object\":\($0)}\n".utf8) }
        let resource = Object.resource
        list = Array(
            """
            {"kind":"\(resource.kind)List","apiVersion":"\(resource.apiVersion)","metadata":{"resourceVersion":"1"},\
            "items":[\(objects.joined(separator: ","))]}

            """.utf8)
    }

    /// In turn, for so many rounds.
    func measure(rounds: Int, pieceBytes: Int) throws -> DecodeResult {
        var wire: [Double] = []
        var lists: [Double] = []
        var stock: [Double] = []
        let data = objects.map { Data($0) }
        let bytes = objects.reduce(0) { $0 + $1.count }
        for _ in 0..<rounds {
            wire.append(Double(watch.count) / (try seconds { try readWatch(pieceBytes: pieceBytes) }))
            lists.append(Double(list.count) / (try seconds { try readList(pieceBytes: pieceBytes) }))
            stock.append(
                Double(bytes)
                    / (try seconds {
                        for object in data { _ = try JSON.decode(Object.self, from: object) }
                        return data.count
                    }))
        }
        func megabytes(_ rates: [Double]) throws -> Spread {
            try Spread(of: rates.map { $0 / 1e6 }, "decoding \(Object.resource.plural)")
        }
        return DecodeResult(
            kind: Object.resource.kind, objects: objects.count, objectBytes: bytes / objects.count,
            pieceBytes: pieceBytes, watchMegabytesPerSecond: try megabytes(wire),
            listMegabytesPerSecond: try megabytes(lists), stockMegabytesPerSecond: try megabytes(stock),
            ratio: try Spread(of: zip(wire, stock).map { $0 / $1 }, "decoding \(Object.resource.plural)"))
    }

    /// - Throws: `BenchmarkError` where not all objects came out, so that no figure is of work that was not done.
    private func seconds(_ work: () throws -> Int) throws -> Double {
        var count = 0
        let duration = try ContinuousClock().measure { count = try work() }
        guard count == objects.count else {
            throw BenchmarkError(description: "\(count) of \(objects.count) objects were read")
        }
        return duration / .seconds(1)
    }

    private func readWatch(pieceBytes: Int) throws -> Int {
        var reader = WatchReader<Object>()
        var count = 0
        try pieces(of: watch, pieceBytes) { piece throws(DecodeError) in
            try reader.read(piece) { line in
                if case .applied = line { count += 1 }
            }
        }
        return count
    }

    private func readList(pieceBytes: Int) throws -> Int {
        var reader = ListReader<Object>()
        var count = 0
        try pieces(of: list, pieceBytes) { piece throws(DecodeError) in
            try reader.read(piece) { item in
                if case .success = item { count += 1 }
            }
        }
        _ = try reader.finish()
        return count
    }

    private func pieces(
        of bytes: [UInt8], _ size: Int, _ body: (RawSpan) throws(DecodeError) -> Void
    ) throws(DecodeError) {
        let bytes = RawSpan(_elements: bytes.span)
        for start in stride(from: 0, to: bytes.byteCount, by: size) {
            try body(bytes.extracting(start..<min(start + size, bytes.byteCount)))
        }
    }
}

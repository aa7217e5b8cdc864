import Net
import Testing

@testable import CNI

@Suite("The ranges of a configuration")
struct AddressRangeTests {
    private func range(
        _ subnet: String, first: String? = nil, last: String? = nil, gateway: String? = nil
    ) throws -> IPAMConfiguration.Range {
        .init(
            try IPPrefix(subnet), first: try first.map { try IPAddress($0) }, last: try last.map { try IPAddress($0) },
            gateway: try gateway.map { try IPAddress($0) })
    }

    private func sets(_ ranges: [[IPAMConfiguration.Range]]) throws -> [AddressRangeSet] {
        var configuration = IPAMConfiguration()
        configuration.ranges = ranges
        return try AddressRangeSet.all(of: configuration)
    }

    @Test(
        "have host-local's defaults",
        arguments: [
            ("10.1.2.0/24", "10.1.2.1-10.1.2.254", "10.1.2.1"), ("10.1.2.4/30", "10.1.2.5-10.1.2.6", "10.1.2.5"),
            ("fd00:1::/64", "fd00:1::1-fd00:1::ffff:ffff:ffff:ffff", "fd00:1::1"),
            ("fd00:1::/126", "fd00:1::1-fd00:1::3", "fd00:1::1"),
        ])
    func defaults(subnet: String, text: String, gateway: String) throws {
        let range = try #require(try sets([[range(subnet)]]).first?.ranges.first)
        #expect(range.description == text)
        #expect(range.gateway.description == gateway)
    }

    @Test("are searched no further than a node can need")
    func bound() throws {
        let range = try AddressRange(range("fd00:1::/64", first: "fd00:1::1000"))
        #expect(range.lastSearched.description == "fd00:1::10:fff")
    }

    @Test("are refused with the cause")
    func refused() throws {
        let wrong: [([[IPAMConfiguration.Range]], String)] = [
            ([], "there are no ranges"),
            ([[]], "range set 0 is empty"),
            ([[try range("10.1.2.0/31")]], "network 10.1.2.0/31 of a range is too small"),
            ([[try range("fd00::/128")]], "too small"),
            ([[try range("10.1.2.0/24", first: "10.1.3.1")]], "rangeStart 10.1.3.1 is not in network 10.1.2.0/24"),
            ([[try range("10.1.2.0/24", last: "fd00::1")]], "rangeEnd fd00::1 is not in network"),
            ([[try range("10.1.2.0/24", first: "10.1.2.9", last: "10.1.2.8")]], "10.1.2.9 is behind rangeEnd 10.1.2.8"),
            ([[try range("10.1.2.0/24", gateway: "fd00::1")]], "gateway fd00::1 is of another family"),
            ([[try range("10.1.2.0/24"), try range("fd00::/64")]], "range set 0 has ranges of both address families"),
            (
                [[try range("10.1.2.0/24")], [try range("10.1.2.0/24", first: "10.1.2.200")]],
                "range 10.1.2.200-10.1.2.254 of range set 1 overlaps with 10.1.2.1-10.1.2.254"
            ),
        ]
        for (ranges, cause) in wrong {
            let error = #expect(throws: CNIError.self) { _ = try sets(ranges) }
            #expect(error?.code == .badConfiguration)
            #expect(error?.message.contains(cause) == true, "\(error?.message ?? "") is not \(cause)")
        }
    }

    @Test("are gone through round and round, from behind the last address")
    func order() throws {
        let set = try #require(
            try sets([[range("10.1.2.0/29"), range("10.1.3.0/29"), range("10.1.4.0/29")]]).first)
        func order(_ last: String?) throws -> [String] {
            try set.searchOrder(after: last.map { try IPAddress($0) }).map { "\($0.lowerBound)-\($0.upperBound)" }
        }
        let all = ["10.1.2.1-10.1.2.6", "10.1.3.1-10.1.3.6", "10.1.4.1-10.1.4.6"]
        #expect(try order(nil) == all)
        #expect(try order("10.9.9.9") == all)
        #expect(try order("10.1.3.4") == ["10.1.3.5-10.1.3.6", all[2], all[0], "10.1.3.1-10.1.3.4"])
        #expect(try order("10.1.4.6") == [all[0], all[1], all[2]])
    }
}

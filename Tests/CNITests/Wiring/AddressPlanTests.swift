import Net
import Testing

@testable import CNI

@Suite struct AddressPlanTests {
    @Test func aBridgeHasTheFirstAddressWhereIPAMNamesNoGateway() throws {
        let ipam = AttachmentResult(addresses: [
            try .init(cidr: "10.1.2.3/24"), try .init(cidr: "fd00::3/64 fd00::fe"),
        ])
        let plan = try AddressPlan(.bridge(), ipam)
        #expect(
            plan.gateways.map { "\($0.address)/\($0.prefixLength)" } == ["10.1.2.1/24", "fd00::fe/64"])
        #expect(plan.addresses.map { "\($0.address)/\($0.prefixLength)" } == ["10.1.2.3/24", "fd00::3/64"])
        #expect(plan.result.addresses.map { $0.gateway?.description } == ["10.1.2.1", "fd00::fe"])
        #expect(plan.routes.map { "\($0)" } == plan.result.routes.map { "\($0)" })
        #expect(plan.routes.map { "\($0.destination) \($0.gateway!)" } == ["0.0.0.0/0 10.1.2.1", "::/0 fd00::fe"])
    }

    @Test func aDefaultRouteThatIsGivenStays() throws {
        var route = try AttachmentResult.Route.default(.ipv4)
        route.gateway = try IPAddress("10.1.2.9")
        let ipam = AttachmentResult(addresses: [try .init(cidr: "10.1.2.3/24")], routes: [route])
        #expect(try AddressPlan(.bridge(), ipam).routes == [route])
    }

    @Test func aBridgeThatIsNoGatewayHasNoAddress() throws {
        let ipam = AttachmentResult(
            addresses: [try .init(cidr: "10.1.2.3/24 10.1.2.254")], routes: [try .default(.ipv4)])
        let plan = try AddressPlan(
            .bridge {
                $0.isGateway = false
                $0.isDefaultGateway = false
            }, ipam)
        #expect(plan.gateways.isEmpty)
        #expect(try plan.routes.map { $0.gateway } == [IPAddress("10.1.2.254")])
        #expect(plan.result.routes == ipam.routes)
    }

    @Test func aRoutedLinkReachesItsNetworkOverTheGateway() throws {
        let ipam = AttachmentResult(
            addresses: [try .init(cidr: "10.1.2.3/24 10.1.2.1"), try .init(cidr: "fd00::3/128")],
            routes: [try .default(.ipv4), try .default(.ipv6)])
        let plan = try AddressPlan(.ptp, ipam)
        #expect(plan.addresses.map { "\($0.address)/\($0.prefixLength)" } == ["10.1.2.3/32", "fd00::3/128"])
        #expect(plan.gateways.map { "\($0.address)/\($0.prefixLength)" } == ["10.1.2.1/32", "fe80::1/128"])
        #expect(
            plan.routes.map { "\($0.destination) \($0.gateway?.description ?? "")" } == [
                "10.1.2.1/32 ", "10.1.2.0/24 10.1.2.1", "fe80::1/128 ", "0.0.0.0/0 10.1.2.1", "::/0 fe80::1",
            ])
        #expect(plan.result.addresses.map { $0.prefixLength } == [24, 128])
    }

    @Test func whatCannotBeIsRefused() throws {
        let error = #expect(throws: CNIError.self) { try AddressPlan(.ptp, AttachmentResult()) }
        #expect(error?.code == .badConfiguration)
        let ipam = AttachmentResult(addresses: [.init(try IPAddress("10.1.2.3"), prefixLength: 33)])
        #expect(throws: CNIError.self) { try AddressPlan(.bridge(), ipam) }
        // The last address there is has none after it.
        let last = AttachmentResult(addresses: [
            try .init(cidr: "255.255.255.255/32"), try .init(cidr: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"),
        ])
        #expect(try AddressPlan(.bridge(), last).gateways.count == 2)
    }
}

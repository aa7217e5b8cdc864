import KubeAPI
import Net
import Netlink
import Proxy
import TestSupport
import Testing

@Suite("Random changes and faults, with real packets", .networkNamespaces, .fewAtATime)
struct RandomTrafficTests {
    @Test(
        "after any changes, restarts, deletions from outside and failures, each connection comes to what the objects say",
        arguments: 1...4 as ClosedRange<UInt64>)
    func traffic(seed: UInt64) async throws {
        let faults = Faults(seed: seed, percent: 15)
        let lab = try TrafficLab(faults: faults)
        var cluster = RandomServices(seed: seed, lab: lab)
        for step in 1...25 {
            await lab.proxy.apply(cluster.change())
            let comment = "seed \(seed), step \(step)"
            switch cluster.fault() {
            case .restart:
                lab.proxy.stop()
                try await lab.proxy.start()
            case .damage(let command):
                // An error is what the command would damage and is not there.
                _ = try? Tool.run("nft", command, in: lab.lab.node.namespace)
                let asks = cluster.asks()
                try await eventually { try cluster.wrong(asks, in: lab).isEmpty }
            case nil: break
            }
            let wrong = try cluster.wrong(cluster.asks(), in: lab)
            #expect(wrong == [], "\(comment)")
        }
        #expect(faults.count > 0)
        faults.end()
        await lab.proxy.settled()
        try await lab.proxy.expectFullState("seed \(seed)")
    }
}

/// A few Services that change at random, and what connections to them should come to.
private struct RandomServices {
    enum Fault {
        case restart
        case damage(String)
    }

    struct Question {
        let ask: TrafficLab.Ask
        let expected: ExpectedTraffic.Result
        let ownAddress: IPAddress
    }

    private var random: SeededGenerator
    private let lab: TrafficLab
    private let expectation: ExpectedTraffic
    private var services: [Int: ServiceFixture] = [:]

    init(seed: UInt64, lab: TrafficLab) {
        random = SeededGenerator(seed: seed)
        self.lab = lab
        expectation = ExpectedTraffic(pods: lab.pods, lab: lab.lab)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func change() -> [ProxyEvent] {
        let number = Int.random(in: 0..<4, using: &random)
        guard var service = services[number] else { return create(number) }
        if chance(15) {
            services[number] = nil
            return service.removal
        }
        if chance(40) {
            settings(&service)
            services[number] = service
            return service.serviceEvents
        }
        service.backends = backends()
        services[number] = service
        return service.endpointEvents
    }

    private mutating func create(_ number: Int) -> [ProxyEvent] {
        var service = ServiceFixture.everywhere("s\(number)", host: UInt8(10 + number))
        service.ports = service.ports.map {
            .init(name: $0.name, transport: $0.transport, nodePort: 30_080 + UInt16(number))
        }
        settings(&service)
        service.backends = backends()
        services[number] = service
        return service.events
    }

    private mutating func settings(_ service: inout ServiceFixture) {
        service.internalPolicy = chance(30) ? .local : .cluster
        service.externalPolicy = chance(50) ? .local : .cluster
        service.affinitySeconds = chance(25) ? 10_800 : nil
        let ranges = [
            "192.168.7.100/32", "198.51.100.0/30", "10.244.0.0/16", "0.0.0.0/0", "fd07::/64", "2001:db8:100::1/128",
        ]
        service.sourceRanges = chance(40) ? Array(ranges.shuffled(using: &random).prefix(3)) : []
    }

    /// The client's own pod is not among them: a connection of it to itself is another test's.
    private mutating func backends() -> [ServiceFixture.Backend] {
        lab.pods[1...3].shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)).map { pod in
            chance(70)
                ? .init(pod)
                : .init(pod, ready: false, serving: chance(60), terminating: true)
        }
    }

    mutating func fault() -> Fault? {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .restart
        case 1:
            .damage(
                [
                    "flush ruleset", "delete table ip fairlead", "delete table ip6 fairlead",
                    "flush chain ip fairlead services", "flush set ip fairlead cluster-ips",
                    "flush map ip6 fairlead endpoints", "flush chain ip6 fairlead postrouting",
                ].randomElement(using: &random) ?? "flush ruleset")
        default: nil
        }
    }

    /// Of each Service every frontend, from a client and over a protocol by chance.
    mutating func asks() -> [Question] {
        var questions: [Question] = []
        for service in services.sorted(by: { $0.key < $1.key }).map(\.value) {
            for frontend in service.all(lab.lab) {
                let flow = Flow.all.randomElement(using: &random) ?? Flow.all[0]
                let place =
                    [TrafficLab.Place.pod, .node, .outside, .otherClient(0), .otherClient(9)]
                    .randomElement(using: &random) ?? .pod
                if frontend.kind == "ClusterIP", case .otherClient = place { continue }
                let address = lab.address(of: place)[flow.family]
                let expected = expectation.result(of: service, frontend, from: place, address)
                let probe = lab.request(
                    from: place, frontend.address[flow.family], frontend.port, flow.transport,
                    timeoutMilliseconds: expected == .dropped ? 300 : 5000)
                questions.append(
                    Question(
                        ask: TrafficLab.Ask(place: place, probe: probe), expected: expected, ownAddress: address))
            }
        }
        return questions
    }

    private func masqueraded(_ question: Question, _ server: String) -> IPAddress? {
        lab.pods.first { $0.name == server }.map(lab.masqueraded(question.ownAddress.family))
    }

    /// What came otherwise than it should.
    func wrong(_ questions: [Question], in lab: TrafficLab) throws -> [String] {
        lab.forgetDatagrams()
        return try zip(questions, lab.outcomes(of: questions.map(\.ask))).compactMap { question, answer in
            let outcome = answer.1
            let (place, transport) = (question.ask.place, question.ask.probe.transport)
            let isRight =
                switch (question.expected, outcome) {
                case (.answered(let names, let ownAddress), .answered(let name, let source)):
                    names.contains(name) && source == (ownAddress ? question.ownAddress : masqueraded(question, name))
                case (.refused, _): outcome.isRefusal(from: place, transport)
                case (.dropped, _): outcome.isSilence(from: place, transport)
                default: false
                }
            return isRight ? nil : "\(answer.0.text): \(outcome), expected \(question.expected)"
        }
    }
}

import Net
import Netlink
import Synchronization
import TestSupport
import Testing

extension TrafficLab {
    /// The source address that a server sees.
    enum Source {
        case own
        case masqueraded
    }

    struct Ask {
        let place: Place
        let probe: Probe

        var text: String { "\(place) → \(probe.target)/\(probe.transport)" }
    }

    /// Asks until each of `pods` has answered, at most 400 times, and requires that each of them and nobody else did, as
    /// seen from `source`.
    func expectAnswers(
        from place: Place, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol = .tcp,
        by pods: [LabPod], source: (LabPod) -> IPAddress, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = Set(pods.map { Probe.Outcome.answered(by: $0.name, source: source($0)) })
        let probe = request(from: place, address, port, transport)
        // In one go: entering a namespace costs a thread.
        let seen = try namespace(place).run { () -> Set<Probe.Outcome> in
            var seen: Set<Probe.Outcome> = []
            // A few more than needed, so that one which should not answer has its chance.
            var further = 4
            for _ in 0..<400 where further > 0 {
                seen.insert(probe.run())
                if !seen.isSubset(of: expected) { break }
                if seen == expected { further -= 1 }
            }
            return seen
        }
        #expect(seen == expected, "\(place) → \(probe.target) over \(transport)", sourceLocation: location)
    }

    /// The same for several places and frontends, in both families, over TCP and UDP.
    func expectAnswers(
        from places: [Place], _ frontends: [ServiceFixture.Frontend], by pods: [LabPod], _ source: Source,
        flows: [Flow] = Flow.all, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for place in places {
            for frontend in frontends {
                for flow in flows {
                    try expectAnswers(
                        from: place, frontend.address[flow.family], frontend.port, flow.transport, by: pods,
                        source: source == .own ? own(place, flow.family) : masqueraded(flow.family), location)
                }
            }
        }
    }

    /// Each connection gives no answer at all, not even an error, and nothing comes of it beyond node 1.
    func expectDropped(
        from places: [Place] = Place.standard, _ frontends: [ServiceFixture.Frontend], flows: [Flow] = Flow.all,
        keepingDatagrams: Bool = false, _ location: SourceLocation = #_sourceLocation
    ) throws {
        if !keepingDatagrams { forgetDatagrams() }
        let namespaces = places.map(namespace)
        let before = try namespaces.map { try ICMPErrors.destinationUnreachableCount(in: $0) }
        for (ask, outcome) in try outcomes(places, frontends, flows, timeoutMilliseconds: 400) {
            #expect(
                outcome.isSilence(from: ask.place, ask.probe.transport), "\(ask.text): \(outcome)",
                sourceLocation: location)
        }
        let after = try namespaces.map { try ICMPErrors.destinationUnreachableCount(in: $0) }
        #expect(after == before, "ICMP errors at \(places)", sourceLocation: location)
    }

    /// Each connection is refused by an ICMP error.
    func expectRefused(
        from places: [Place] = Place.standard, _ frontends: [ServiceFixture.Frontend], flows: [Flow] = Flow.all,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        forgetDatagrams()
        // A TCP connection over IPv6 hears of an ICMP error with its second SYN, after a second.
        for (ask, outcome) in try outcomes(places, frontends, flows, timeoutMilliseconds: 5000) {
            #expect(
                outcome.isRefusal(from: ask.place, ask.probe.transport), "\(ask.text): \(outcome)",
                sourceLocation: location)
        }
    }

    func expectRefused(
        from places: [Place] = Place.standard, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let frontend = ServiceFixture.Frontend(
            kind: "", address: DualAddress(v4: address, v6: address), port: port)
        let flow = Flow(family: address.family, transport: transport)
        try expectRefused(from: places, [frontend], flows: [flow], location)
    }

    private func outcomes(
        _ places: [Place], _ frontends: [ServiceFixture.Frontend], _ flows: [Flow], timeoutMilliseconds: Int
    ) throws -> [(Ask, Probe.Outcome)] {
        try outcomes(
            of: places.flatMap { place in
                frontends.flatMap { frontend in
                    flows.map { flow in
                        Ask(
                            place: place,
                            probe: request(
                                from: place, frontend.address[flow.family], frontend.port, flow.transport,
                                timeoutMilliseconds: timeoutMilliseconds))
                    }
                }
            })
    }

    /// All at once, each once.
    func outcomes(of asks: [Ask]) throws -> [(Ask, Probe.Outcome)] {
        let outcomes = Mutex<[Int: Probe.Outcome]>([:])
        let threads = try asks.enumerated().map { index, ask in
            try namespace(ask.place).run {
                try JoinableThread {
                    let outcome = ask.probe.run()
                    outcomes.withLock { $0[index] = outcome }
                }
            }
        }
        for thread in threads { thread.join() }
        return outcomes.withLock { outcomes in
            asks.enumerated().compactMap { index, ask in outcomes[index].map { (ask, $0) } }
        }
    }

    /// A datagram from the port of an earlier probe belongs to that one's flow, and would go where that went.
    func forgetDatagrams() {
        for family in ["ipv4", "ipv6"] {
            // A table that changes meanwhile is not always gone through to its end. The status is 1 when nothing was left.
            for _ in 0..<10 {
                do {
                    try Tool.run("conntrack", "-D", "-p", "udp", "-f", family, in: lab.node.namespace)
                } catch let failure as Tool.Failure {
                    if failure.output.contains(" 0 flow entries") { break }
                } catch {}
            }
        }
    }
}

import ArgumentParser

/// `fairlead services`.
struct Services: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the Services that are programmed, with endpoints, state and traffic.",
        discussion: """
            A line for each port and family of a Service. ENDPOINTS are those on this node and all that get new \
            connections. STATE says what becomes of new connections: 'refuses' without endpoints; 'drops' where a traffic \
            policy is Local and all endpoints are on other nodes; 'set aside' when the kernel refused it. CONNECTIONS, \
            PACKETS and BYTES (both ways, from conntrack) are since the daemon's start, '-' where traffic is not counted.

            JSON
              services [{namespace, name, portName, family, protocol, port, clusterIP, nodePort, externalAddresses, \
            internalTrafficPolicy, externalTrafficPolicy, sessionAffinitySeconds, localEndpointCount, endpointCount, state \
            (serving, refuses, drops, setAside), externalState, traffic {connections, open, packets, bytes}, endpoints \
            [{address, port, local, cluster, localPolicy, draining, traffic}]}]. What is not there is left out.

            EXAMPLES
              fairlead services
              fairlead services default/web --endpoints
              fairlead services -n kube-system --json
            """)

    @Argument(
        help: ArgumentHelp(
            "Only the Service of that name, in any namespace or in the one given.", valueName: "[namespace/]name"))
    var service: String?

    @Option(name: .shortAndLong, help: "Only Services of that namespace.")
    var namespace: String?

    @Flag(help: "List each endpoint: where it is, what it is used for, and its traffic where that is counted.")
    var endpoints = false

    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try request }

    var request: ServicesRequest {
        get throws {
            var request = ServicesRequest(namespace: namespace, name: service, endpoints: endpoints)
            guard let service, service.contains("/") else { return request }
            let parts = service.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw ValidationError("\(service) is not a name, nor namespace/name")
            }
            guard namespace == nil || namespace == parts[0] else {
                throw ValidationError("\(service) is not in the namespace \(namespace ?? "")")
            }
            (request.namespace, request.name) = (parts[0], parts[1])
            return request
        }
    }

    func run() throws {
        let answer = try ControlClient.ask(.services(try request))
        let document = try ControlJSON.decode(ServicesDocument.self, answer)
        output.show(answer, document.text)
    }
}

import Net
import Netlink
import TestSupport
import Testing

@testable import CNI

extension Trait where Self == ConditionTrait {
    /// The test makes network namespaces with pods in them, for which it needs root.
    static var podNamespaces: Self { .enabled(if: Privileges.isRoot, "network namespaces need root") }
}

/// What a test says of a pod's rules on the lab's first node.
struct PodRulesLab {
    let lab: Lab
    let network = "cluster"

    init() throws { lab = try Lab() }

    var node: NetworkNamespace { lab.node.namespace }

    func attachment(_ pod: LabPod) -> CNI.Attachment {
        CNI.Attachment(network: network, containerID: pod.name, interfaceName: "eth0")
    }

    func rules(
        _ pod: LabPod, _ ports: [HostPort] = [], masquerades: Bool = false, attachment: CNI.Attachment? = nil,
        configure: (inout HostPortConfiguration) -> Void = { _ in }
    ) -> PodRules {
        var configuration = HostPortConfiguration()
        configuration.ports = ports
        configure(&configuration)
        return PodRules(
            attachment ?? self.attachment(pod),
            addresses: pod.address.both.map {
                AttachmentResult.Address($0, prefixLength: LabAddresses.podPrefixLengths[$0.family] ?? 0)
            }, masquerades: masquerades, hostPorts: configuration)
    }

    func add(_ rules: PodRules) throws { _ = try node.run { try rules.add() } }

    func remove(_ pod: LabPod, knowsAddresses: Bool = true) throws {
        let addresses = knowsAddresses ? pod.address.both : nil
        _ = try node.run { try PodRules.remove(attachment(pod), addresses: addresses) }
    }

    func nft(_ arguments: String...) throws -> String { try Tool.run(["nft"] + arguments, in: node) }

    /// What nft prints, without the elements.
    func constantPart() throws -> String {
        try ["ip", "ip6"].map { try nft("--terse", "list", "table", $0, PodTable.name) }.joined()
    }

    /// One TCP port of both families, to the pod's server.
    static func port(
        _ number: UInt16, _ transport: L4Protocol = .tcp, on address: IPAddress? = nil
    ) -> HostPort {
        HostPort(transport, hostAddress: address, hostPort: number, containerPort: Lab.serverPort)
    }
}

extension Probe.Outcome {
    var server: String? {
        if case .answered(let name, _) = self { name } else { nil }
    }

    var source: IPAddress? {
        if case .answered(_, let source) = self { source } else { nil }
    }
}

/// The error that `body` throws.
func cniError(_ body: () throws -> Void, _ location: SourceLocation = #_sourceLocation) -> CNIError? {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as CNIError {
        return error
    } catch {
        Issue.record(error, sourceLocation: location)
    }
    return nil
}

import FoundationEssentials
import KubeAPI
import KubeClient
import Logging
import Net

/// The networks of a node's pods, as its Node object has them.
enum NodePodNetworks {
    /// Asks the API server for `spec.podCIDRs`.
    ///
    /// - Throws: `InstallationError` that says what is lacking.
    static func read(kubeconfig: String, nodeName: String) async throws -> [IPPrefix] {
        let configuration = try KubeClientConfiguration.resolve(kubeconfig: kubeconfig, master: "")
        let connection = try KubeConnection(configuration, logger: Logger(label: "cni"))
        do {
            let networks = try await read(nodeName, connection)
            await connection.close()
            return networks
        } catch {
            await connection.close()
            throw error
        }
    }

    /// A Node with many images has some 100 KiB.
    private static var limitBytes: Int { 8 << 20 }

    private static func read(_ nodeName: String, _ transport: some KubeTransport) async throws -> [IPPrefix] {
        let response = try await transport.send(KubeRequest("/api/v1/nodes/\(nodeName)"))
        guard response.status == 200 else {
            throw InstallationError(
                description: "Node \(nodeName): the API server answers with status \(response.status)")
        }
        let body = try await response.body.collect(upTo: limitBytes)
        let node = try JSONDecoder().decode(Node.self, from: Data(body.readableBytesView))
        let texts = node.spec.podNetworks
        guard !texts.isEmpty else {
            throw InstallationError(
                description:
                    "Node \(nodeName) has no spec.podCIDRs: no controller has given it a network for its pods yet")
        }
        return try texts.map { text in
            do throws(AddressParseError) { return try IPPrefix(text) } catch {
                throw InstallationError(description: "Node \(nodeName), spec.podCIDRs: \(error)")
            }
        }
    }
}

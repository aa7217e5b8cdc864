/// One call of the plugin by a runtime: what is asked for, of which attachment, with which configuration.
package struct PluginCall: Hashable, Sendable {
    package let environment: PluginEnvironment
    package let version: SpecVersion
    package let kind: PluginKind
    /// The network's name.
    package let network: String
    package let configuration: ConfigurationSection
    /// As it came, for plugins that work is delegated to.
    package let input: [UInt8]

    /// - Parameters:
    ///   - input: The configuration as JSON.
    ///   - program: The name under which the process was started.
    /// - Throws: `CNIError` for what is no configuration at all, and for a version that is not spoken or does not know the command.
    package init(_ environment: PluginEnvironment, input: [UInt8], program: String) throws(CNIError) {
        let node = try JSONNode(parsing: input)
        guard let object = node.object else {
            throw CNIError(.undecodable, "the configuration is \(node.kind), not an object")
        }
        self.environment = environment
        self.input = input
        configuration = ConfigurationSection(object)
        network = try configuration.text("name") ?? ""
        guard !network.isEmpty else { throw CNIError(.badConfiguration, "name: the network has none") }
        guard PluginEnvironment.isIdentifier(network) else {
            throw CNIError(.badConfiguration, "name: '\(network)' has characters that are not allowed")
        }
        version = try SpecVersion(try configuration.text("cniVersion"))
        guard version >= environment.command.since else {
            throw CNIError(
                .incompatibleVersion, "\(environment.command.rawValue) is not in CNI \(version.rawValue)",
                details: "it is since \(environment.command.since.rawValue)")
        }
        kind = PluginKind(program: program, type: try configuration.text("type"))
    }

    /// Whom the call is about; of no meaning for commands that are not about an attachment.
    package var attachment: Attachment {
        Attachment(
            network: network, containerID: environment.containerID, interfaceName: environment.interfaceName)
    }

    /// What the runtime has worked out for this attachment and the capabilities that the configuration has.
    package var runtimeConfiguration: ConfigurationSection? {
        get throws(CNIError) { try configuration.section("runtimeConfig") }
    }

    /// `args.cni`: what was asked for in the configuration's arguments.
    package var configurationArguments: ConfigurationSection? {
        get throws(CNIError) { try configuration.section("args")?.section("cni") }
    }

    /// `prevResult`: what the plugins before this one, or all at ADD, have made.
    package var previousResult: AttachmentResult? {
        get throws(CNIError) {
            guard let section = try configuration.section("prevResult") else { return nil }
            if let text = try section.text("cniVersion") { _ = try SpecVersion(text) }
            return try AttachmentResult(section)
        }
    }

    /// `cni.dev/valid-attachments`: what GC leaves alone.
    ///
    /// - Throws: `CNIError` with `badConfiguration` when the runtime has not said so: nothing is collected by mistake.
    package var validAttachments: Set<Attachment> {
        get throws(CNIError) {
            // The second is what version 1.1 said by mistake at first.
            let keys = ["cni.dev/valid-attachments", "cni.dev/attachments"]
            guard let key = keys.first(where: { configuration.object[$0] != nil }) else {
                throw CNIError(
                    .badConfiguration, "\(keys[0]): not given",
                    details: "where no attachment is valid, the list is empty")
            }
            let attachments = try configuration.list(key) { (node, name) throws(CNIError) in
                let section = try ConfigurationSection.section(node, name)
                guard let containerID = try section.text("containerID"), let interface = try section.text("ifname")
                else { throw CNIError(.badConfiguration, "\(name): without containerID or ifname") }
                return Attachment(network: network, containerID: containerID, interfaceName: interface)
            }
            return Set(attachments ?? [])
        }
    }
}

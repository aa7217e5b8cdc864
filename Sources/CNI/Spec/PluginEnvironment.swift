/// The parameters of a call (CNI specification 1.1, "Parameters").
package struct PluginEnvironment: Hashable, Sendable {
    /// All variables, for plugins that work is delegated to.
    package let variables: [String: String]
    package let command: PluginCommand
    /// Empty for commands that are not about an attachment; likewise the interface's name.
    package let containerID: String
    package let interfaceName: String
    /// `CNI_NETNS`; nil when it is empty, as in the last DEL of a runtime whose sandbox is gone.
    package let namespacePath: String?
    /// `CNI_PATH`: where other plugins are.
    package let pluginDirectories: [String]
    private let readArguments: Result<CNIArguments, CNIError>

    /// - Throws: `CNIError` with `badEnvironment` that names each variable that is missing or not valid.
    package init(_ variables: [String: String]) throws(CNIError) {
        self.variables = variables
        func value(_ name: String) -> String { variables[name] ?? "" }
        guard let command = PluginCommand(rawValue: value("CNI_COMMAND")) else {
            let text = value("CNI_COMMAND")
            throw CNIError(
                .badEnvironment, text.isEmpty ? "CNI_COMMAND is not set" : "CNI_COMMAND \"\(text)\" is unknown")
        }
        self.command = command
        let isOfAttachment = command.isOfAttachment
        containerID = isOfAttachment ? value("CNI_CONTAINERID") : ""
        interfaceName = isOfAttachment ? value("CNI_IFNAME") : ""
        let path = isOfAttachment ? value("CNI_NETNS") : ""
        namespacePath = path.isEmpty ? nil : path
        pluginDirectories = value("CNI_PATH").split(separator: ":").map(String.init)
        do throws(CNIError) { readArguments = .success(try CNIArguments(value("CNI_ARGS"))) } catch {
            readArguments = .failure(error)
        }
        if isOfAttachment {
            var missing: [String] = []
            if containerID.isEmpty { missing.append("CNI_CONTAINERID") }
            if interfaceName.isEmpty { missing.append("CNI_IFNAME") }
            if path.isEmpty && command != .delete { missing.append("CNI_NETNS") }
            guard missing.isEmpty else {
                throw CNIError(.badEnvironment, "\(missing.joined(separator: ", ")) not set for \(command.rawValue)")
            }
            guard Self.isIdentifier(containerID) else {
                throw CNIError(
                    .badEnvironment, "CNI_CONTAINERID \"\(containerID)\" has characters that are not allowed")
            }
            if let problem = Self.problem(ofInterfaceName: interfaceName) {
                throw CNIError(.badEnvironment, "CNI_IFNAME \"\(interfaceName)\" \(problem)")
            }
        }
    }

    /// `CNI_ARGS`, asked for only where it means something: what goes away must not fail for it.
    package var arguments: CNIArguments {
        get throws(CNIError) { try readArguments.get() }
    }

    /// Whether a text begins with an ASCII letter or digit, and has but these, '_', '.' and '-': what container ids and names of
    /// networks are.
    package static func isIdentifier(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }

    /// Why the kernel would not take an interface's name, or would make another of it (`%`); nil when it is right.
    private static func problem(ofInterfaceName name: String) -> String? {
        // IFNAMSIZ of linux/if.h, without the zero at the end.
        if name.utf8.count > 15 { return "is longer than 15 bytes" }
        if name == "." || name == ".." { return "is no name" }
        if name.contains(where: { $0 == "/" || $0 == ":" || $0 == "%" || $0.isWhitespace }) {
            return "has '/', ':', '%' or white space"
        }
        return nil
    }
}

import Netlink

/// An IPAM plugin that is another program (CNI specification 1.1, section 4): it gets the environment and the configuration that
/// this one has got.
package struct DelegatedPlugin: Hashable, Sendable {
    private let name: String
    private let environment: PluginEnvironment
    private let input: [UInt8]

    /// Kubelets give a sandbox up after two minutes, and then want a DEL.
    private static let timeoutMilliseconds = 100_000
    private static let outputLimitBytes = 1 << 20

    package init(_ name: String, _ call: PluginCall) {
        self.name = name
        environment = call.environment
        input = call.input
    }

    /// The addresses, routes and DNS settings that it gives; after a failure it has been told to take them back.
    package func add() throws(CNIError) -> AttachmentResult {
        do throws(CNIError) {
            let node = try JSONNode(parsing: try run(.add))
            let result = try AttachmentResult(try ConfigurationSection.section(node, "result of IPAM plugin \(name)"))
            guard !result.addresses.isEmpty else {
                throw CNIError(.delegateFailed, "IPAM plugin \(name): no address in its result")
            }
            return result
        } catch {
            _ = try? run(.delete)
            throw error
        }
    }

    /// Runs it, and returns what it has written.
    ///
    /// - Throws: `CNIError` with what it says, or with why it said nothing.
    @discardableResult
    package func run(_ command: PluginCommand) throws(CNIError) -> [UInt8] {
        var variables = environment.variables
        variables["CNI_COMMAND"] = command.rawValue
        let path = try path()
        let run: ProcessRun
        do throws(SystemError) {
            run = try ProcessRun(
                path: path, environment: variables, input: input, outputLimitBytes: Self.outputLimitBytes,
                timeoutMilliseconds: Self.timeoutMilliseconds)
        } catch {
            throw CNIError(.ioFailure, "IPAM plugin \(name) for \(command.rawValue)", details: error.description)
        }
        guard run.end != .exited(status: 0) else { return run.output }
        throw failure(run, command)
    }

    private func path() throws(CNIError) -> String {
        for directory in environment.pluginDirectories {
            let path = "\(directory)/\(name)"
            if FileContents.isExecutable(path) { return path }
        }
        let path = environment.pluginDirectories.joined(separator: ":")
        throw CNIError(.badEnvironment, "CNI_PATH \"\(path)\" has no IPAM plugin \(name)")
    }

    private func failure(_ run: ProcessRun, _ command: PluginCommand) -> CNIError {
        guard let object = (try? JSONNode(parsing: run.output))?.object, let message = object["msg"]?.string else {
            let end =
                switch run.end {
                case .exited(let status): "ended with status \(status)"
                case .killed(let signal): "was killed by signal \(signal)"
                }
            return CNIError(.delegateFailed, "IPAM plugin \(name) \(end) for \(command.rawValue)")
        }
        var code = CNIError.Code.delegateFailed
        if case .number(let text)? = object["code"], let number = Int(text), number < 100 {
            code = CNIError.Code(rawValue: number) ?? code
        }
        return CNIError(code, "IPAM plugin \(name): \(message)", details: object["details"]?.string ?? "")
    }
}

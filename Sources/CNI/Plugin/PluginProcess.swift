import Netlink

/// A process of the plugin: one call, from the environment and standard input to standard output.
package enum PluginProcess {
    /// Serves the call that the process was started for, and ends it.
    package static func serve() -> Never {
        let answer = answer(
            program: CommandLine.arguments.first ?? "", ProcessEnvironment.variables, readInput: readInput)
        do throws(SystemError) {
            try ProcessStreams.writeOutput(answer.output)
        } catch {
            StandardError.write("fairlead-cni: \(error)")
            ProcessStreams.end(status: 1)
        }
        ProcessStreams.end(status: answer.exitStatus)
    }

    /// What a call is answered.
    ///
    /// - Parameters:
    ///   - program: The name under which the process was started.
    ///   - readInput: Gives standard input.
    package static func answer(
        program: String, _ variables: [String: String],
        readInput: (PluginCommand) throws(CNIError) -> [UInt8]
    ) -> PluginAnswer {
        var input: [UInt8] = []
        do throws(CNIError) {
            let environment = try PluginEnvironment(variables)
            if environment.command == .version {
                let asked = (try? JSONNode(parsing: try readInput(.version)))?.object?["cniVersion"]?.string
                return .success(SpecVersion.answer(asked: asked))
            }
            input = try readInput(environment.command)
            let call = try PluginCall(environment, input: input, program: program)
            return .success(try call.perform())
        } catch {
            return .failure(error, version(of: input))
        }
    }

    private static func readInput(_ command: PluginCommand) throws(CNIError) -> [UInt8] {
        do throws(SystemError) {
            // VERSION can be answered without it, and is what people try by hand.
            return try ProcessStreams.readInput(
                limitBytes: JSONNode.limitBytes, timeoutMilliseconds: command == .version ? 1000 : nil)
        } catch {
            throw CNIError(.ioFailure, "the configuration cannot be read", details: error.description)
        }
    }

    /// The version that an error is told in: that of the configuration, where it has one that is spoken.
    private static func version(of input: [UInt8]) -> SpecVersion {
        let text = (try? JSONNode(parsing: input))?.object?["cniVersion"]?.string
        return text.flatMap(SpecVersion.init(rawValue:)) ?? .latest
    }
}

extension PluginCall {
    /// Does what is asked for.
    ///
    /// - Returns: The result of ADD; nil for commands without one.
    fileprivate func perform() throws(CNIError) -> JSONNode? {
        switch environment.command {
        case .add: return try add().json(version)
        case .delete: try delete()
        case .check: try check()
        case .status: try status()
        case .collect: try collect()
        case .version: return SpecVersion.answer(asked: version.rawValue)
        }
        return nil
    }
}

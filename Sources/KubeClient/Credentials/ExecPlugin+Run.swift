import FoundationEssentials
import KubeAPI
import Subprocess

extension ExecPlugin {
    /// Runs the plugin and takes what it prints.
    ///
    /// - Throws: `KubeError.configuration` with the first lines of its standard error, never of its output;
    ///   `CancellationError`, when it has been ended.
    func run(limits: CredentialLimits) async throws -> Credentials {
        do {
            return try await withThrowingTaskGroup(of: Credentials?.self) { group in
                group.addTask { try await self.credentials(limits: limits) }
                group.addTask {
                    try await Task.sleep(for: limits.pluginTimeout)
                    return nil
                }
                defer { group.cancelAll() }
                guard case let credentials?? = try await group.next() else {
                    throw ExecCredential.Failure(problem: "did not end within \(limits.pluginTimeout)")
                }
                return credentials
            }
        } catch let failure as ExecCredential.Failure {
            throw error(failure.problem)
        } catch let failure as LocalFile.Failure {
            throw error("\(failure)")
        } catch let failure as SubprocessError {
            throw error(Self.problem(of: failure, installHint: installHint))
        }
    }

    private func credentials(limits: CredentialLimits) async throws -> Credentials {
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment {
            guard let key = Environment.Key(rawValue: name), let text = value.text else { continue }
            variables[key] = text
        }
        if let key = Environment.Key(rawValue: ExecCredential.variable) {
            variables[key] = try ExecCredential.request(for: self)
        }
        var options = PlatformOptions()
        // A group of its own, so that what the plugin started ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: limits.pluginGrace)
        ]
        let result = try await Subprocess.run(
            command.contains("/") ? .path(.init(command)) : .name(command), arguments: Arguments(arguments),
            environment: .inherit.updating(variables), platformOptions: options,
            output: .bytes(limit: limits.pluginOutputByteCount), error: .bytes(limit: limits.pluginOutputByteCount))
        try Task.checkCancellation()
        guard result.terminationStatus.isSuccess else {
            let words = Self.firstLines(of: result.standardError)
            let ending = "ended with \(result.terminationStatus)"
            throw ExecCredential.Failure(problem: words.isEmpty ? ending : "\(ending): \(words)")
        }
        return try ExecCredential.credentials(from: result.standardOutput, version: version)
    }

    private func error(_ problem: String) -> KubeError {
        .configuration("\(place): credential plugin \(command.quotable) \(problem)")
    }

    /// The first three lines, on one.
    private static func firstLines(of bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(1024), as: UTF8.self)
            .split(whereSeparator: \.isNewline).prefix(3).map { String($0).quotable }.joined(separator: " / ")
    }

    private static func problem(of error: SubprocessError, installHint: String) -> String {
        switch error.code {
        case .executableNotFound:
            "does not exist" + (installHint.isEmpty ? "" : "; \(installHint.filter { !$0.isNewline }.quotable)")
        case .outputLimitExceeded: "wrote too much"
        default: "could not be run" + (error.underlyingError.map { ": \($0)" } ?? "")
        }
    }
}

import ArgumentParser

/// `fairlead status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether the daemon of this network namespace works, and what it has done.",
        discussion: """
            The first line says OK, or what is wrong: FAILING while the kernel takes no changes, DEGRADED while service \
            ports are set aside because the kernel refused them, STARTING until everything has been heard of.

            Asks the daemon through a socket of the network namespace; only root and the daemon's user may.

            JSON
              state (ok, degraded, failing, starting), summary, daemon {version, nodeName, processID, startedAt}, synced, \
            families, counts {services, servicePorts, endpoints}, commits {count, full, failures}, lastCommit {at, \
            secondsAgo, full, servicePorts, elements, bytes, microseconds, kernelMicroseconds}, lastFailure {at, secondsAgo, \
            message, servicePort, current}, repairs {count, lastAt, last}, setAside, problems [{object, message}], \
            nodePortAddresses, podNetworks, serviceCIDRs, configuration {mode, detector, masqueradeAll, masqueradeMark, \
            invalidPackets, staleTCP, localhostNodePorts}. What is not there is left out.

            EXIT STATUS
              0   OK.
              1   No daemon runs here, or it does not answer.
              2   Something is wrong.
            """)

    @OptionGroup var output: OutputOptions

    func run() throws {
        let answer = try ControlClient.ask(.status)
        let document = try ControlJSON.decode(StatusDocument.self, answer)
        output.show(answer, document.text)
        if document.state != .ok { throw ExitCode(2) }
    }
}

/// How an answer is shown.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Show one JSON document, for machines. Keys stay as they are from version to version.")
    var json = false

    func show(_ answer: [UInt8], _ text: @autoclosure () -> String) {
        print(json ? String(decoding: answer.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) : text())
    }
}

import ArgumentParser
import CNI

/// `fairlead cni gc`.
struct CNICollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what attachments have left whose containers have gone.",
        discussion: """
            An attachment lives for as long as the host's end of its link is there, which the kernel removes with the container's \
            network namespace, or a container has one of its addresses, however it got it. What does not live for the whole of \
            --grace is left over: its addresses, host ports and limits are removed, as DEL would, and each attachment is printed. \
            Nothing of others is touched, and no container runtime is asked, so that this may be run at any time.
            """)

    @Flag(help: "Print what would be removed, and remove nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "How long an attachment has to be without a link: longer than an ADD takes.", valueName: "seconds"))
    var grace = 10

    @OptionGroup var store: LeaseStoreOptions

    func validate() throws {
        guard (0...3600).contains(grace) else { throw ValidationError("--grace is 0 to 3600") }
    }

    func run() async throws {
        var stale = try staleTraces()
        if !stale.isEmpty, grace > 0 {
            try await Task.sleep(for: .seconds(grace))
            // One that was being added has its link by now, and one that was being deleted is gone.
            let before = Set(stale.map(\.attachment))
            stale = try staleTraces().filter { before.contains($0.attachment) }
        }
        for trace in stale {
            if !dryRun { try trace.remove(dataDirectory: store.dataDir) }
            let addresses = trace.addresses.map(\.description).joined(separator: ", ")
            print(
                "\(dryRun ? "stale" : "removed"): \(trace.attachment)\(addresses.isEmpty ? "" : " with \(addresses)")")
        }
        if stale.isEmpty { print("nothing to remove") }
    }

    private func staleTraces() throws -> [AttachmentTrace] {
        try AttachmentTrace.all(dataDirectory: store.dataDir).filter(\.isStale)
    }
}

import ArgumentParser
import CNI

/// `fairlead cni repair`.
struct CNIRepair: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Bring back masquerading and host ports of running pods that somebody has removed.",
        discussion: """
            Looks at each attachment that has a link, and compares the rules that it should have, by what the container runtime \
            keeps of it, with the kernel's. What is missing or changed is written as ADD would, and each such attachment is printed. \
            Ends with 1 when something could not be brought back.

            The plugin does the same by itself, where its tables are not as it has written them: with the next ADD, with GC, and, \
            in networks that masquerade, with STATUS, which containerd 2 asks for every five seconds. Single elements that are \
            missing are found here, and by CHECK.
            """)

    @Flag(help: "Print what would be brought back, and change nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp("Where the runtime keeps the results of its ADDs: libcni's cache.", valueName: "dir"))
    var results = RulesRepair.defaultFolder

    func run() throws {
        let outcomes = try RulesRepair(folder: results).run(isDryRun: dryRun)
        for outcome in outcomes {
            let text = "\(outcome.attachment): \(outcome.damage)"
            if let failure = outcome.failure {
                print("failed: \(text): \(failure)")
            } else {
                print("\(dryRun ? "damaged" : "repaired"): \(text)")
            }
        }
        if outcomes.isEmpty { print("nothing to repair") }
        if outcomes.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }
}

import ArgumentParser
import Dataplane
import Netlink

/// `fairlead cleanup`.
struct Cleanup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove everything that Fairlead has programmed in this network namespace.",
        discussion: """
            Deletes the tables 'ip fairlead' and 'ip6 fairlead' in one transaction. Connections that are open keep \
            their translation until they end; new ones no longer reach any Service. It is no error when there is \
            nothing to remove. Refuses while a daemon runs here, which would put everything back.
            """)

    func run() throws {
        let lock = try InstanceLock(name: instanceName)
        let hadTables = try NFTBackend.removeAllTraces()
        if !hadTables { print("nothing to remove") }
        withExtendedLifetime(lock) {}
    }
}

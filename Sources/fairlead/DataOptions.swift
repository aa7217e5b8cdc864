import ArgumentParser

/// Where the control plane keeps what it has.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory of the objects, keys and certificates.",
            discussion: """
                'store.db' holds the objects, durable when a write has been answered; 'pki' the keys and certificates, under \
                kubeadm's names. One process at a time has it. A certificate authority that is in 'pki' is used, and what \
                lacks there is made; certificates that end within 90 days are replaced at a start.
                """,
            valueName: "dir"))
    var dataDir = "/var/lib/fairlead"

    @Flag(help: "Keep the objects in memory only: they are gone with the process.")
    var inMemory = false

    var storePath: String { "\(dataDir)/store.db" }
    var pkiPath: String { "\(dataDir)/pki" }

    func validate() throws {
        guard !dataDir.isEmpty else { throw ValidationError("--data-dir: must not be empty") }
    }
}

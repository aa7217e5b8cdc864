import ArgumentParser
import DurableStorage
import Storage

/// `fairlead snapshot`.
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Save the control plane's store to a file, look at such a file, or make a store of it.",
        discussion: """
            A snapshot is what the store holds at one revision, with checksums. It appears whole or not at all.

            EXAMPLES
              fairlead snapshot save --store /var/lib/fairlead/store.db /backup/fairlead.db
              fairlead snapshot status /backup/fairlead.db
              fairlead snapshot restore /backup/fairlead.db --store /var/lib/fairlead/store.db --bump-revision 1000000
            """,
        subcommands: [Save.self, Show.self, Restore.self])

    struct Save: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Save a store, also that of a running process; a file of that name is replaced.",
            discussion: """
                What is saved is one revision: all that had been answered when the command began, and nothing by half. \
                Writes go on meanwhile.
                """)

        @Option(help: ArgumentHelp("The store's file.", valueName: "file"))
        var store: String

        @Argument(help: "Where the snapshot goes.")
        var snapshot: String

        @OptionGroup var output: OutputOptions

        func run() throws { output.show(try Snapshot.save(storeAt: store, to: snapshot)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Check a snapshot, and say what it holds.",
            discussion: """
                JSON
                  hash (of all that it holds), revision, totalKey (how many), totalSize (bytes of the file).
                """)

        @Argument(help: "The snapshot.")
        var snapshot: String

        @OptionGroup var output: OutputOptions

        func run() throws { output.show(try Snapshot.status(snapshot)) }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a store of a snapshot, where there is none.",
            discussion: """
                Clients remember revisions. With --bump-revision the new store's revision is so much higher than the \
                snapshot's; let it be more than what has been written since the snapshot, so that no client takes a \
                revision of the new store for one that it has seen: it is told to list again.
                """)

        @Argument(help: "The snapshot.")
        var snapshot: String

        @Option(help: ArgumentHelp("The store's file; there must be none.", valueName: "file"))
        var store: String

        @Option(help: ArgumentHelp("By how much to raise the revision.", valueName: "count"))
        var bumpRevision: Int64 = 0

        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard bumpRevision >= 0 else { throw ValidationError("--bump-revision is 0 or more") }
        }

        func run() throws {
            output.show(try Snapshot.restore(from: snapshot, to: store, revisionBump: bumpRevision))
        }
    }
}

/// A snapshot's status, with the keys of `etcdctl snapshot status --write-out=json`.
struct SnapshotDocument: Codable {
    let hash: String
    let revision: Int64
    let totalKey: Int
    let totalSize: Int

    init(_ status: SnapshotStatus) {
        let digits = String(status.hash, radix: 16)
        hash = String(repeating: "0", count: 16 - digits.count) + digits
        revision = status.revision
        totalKey = status.totalKeys
        totalSize = status.totalSizeBytes
    }

    var text: String {
        var table = TextTable(["HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE"], rightAligned: [1, 2, 3])
        table.append([hash, "\(revision)", "\(totalKey)", "\(totalSize) B"])
        return table.lines.joined(separator: "\n")
    }
}

extension OutputOptions {
    fileprivate func show(_ status: SnapshotStatus) {
        let document = SnapshotDocument(status)
        show(ControlJSON.encode(document), document.text)
    }
}

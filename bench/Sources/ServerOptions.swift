import ArgumentParser
import TestSupport

/// The programs of the API server that a measurement starts.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The path of fairlead. (default: beside this program)", valueName: "file"))
    var fairlead: String?

    @Option(
        help: ArgumentHelp("The path of a kube-apiserver, in place of 'fairlead control-plane'.", valueName: "file"))
    var apiserver: String?

    @Option(help: ArgumentHelp("The path of an etcd for it.", valueName: "file"))
    var etcd: String?

    @Option(help: ArgumentHelp("A folder on the disk that the API server's data is to be on.", valueName: "dir"))
    var folder = "."

    func validate() throws {
        guard (apiserver == nil) == (etcd == nil) else { throw ValidationError("--apiserver and --etcd go together") }
    }

    /// The program of this project.
    var program: String { fairlead ?? BenchPrograms.beside("fairlead") }

    /// `fairlead control-plane`.
    func own(usesTLS: Bool) -> ServerUnderTest.Kind { .fairlead(program: program, folder: folder, usesTLS: usesTLS) }

    /// A real one; nil where none is asked for.
    ///
    /// - Parameter syncs: etcd answers once a write is on the disk.
    func kubernetes(syncs: Bool) -> ServerUnderTest.Kind? {
        guard let apiserver, let etcd else { return nil }
        return .kubernetes(KubeAPIServer.Programs(apiserver: apiserver, etcd: etcd), syncs: syncs)
    }
}

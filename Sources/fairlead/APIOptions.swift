import ArgumentParser
import ControlPlane
import Logging
import Net

/// Whether, and where, the core's objects are served.
struct APIOptions: ParsableArguments {
    /// An address with a port: "127.0.0.1:8001", "[::1]:8001".
    struct Listen: Equatable {
        let address: IPAddress
        let port: UInt16

        init(argument: String) throws {
            guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...])
            else { throw ValidationError("'\(argument)' is no address with a port, such as 127.0.0.1:8001") }
            var host = argument[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
            do { address = try IPAddress(String(host)) } catch { throw ValidationError("\(error)") }
            self.port = port
        }
    }

    @Option(
        name: .customLong("serve-api"),
        help: ArgumentHelp(
            "Serve the objects read-only, as the Kubernetes API over HTTP.",
            discussion: """
                For kubectl get --server http://ADDRESS:PORT, curl, and clients that list and watch. There is no \
                authentication, so that only loopback addresses are allowed without --serve-api-to-anyone. Port 0 lets \
                the kernel choose; the log says which it is.
                """,
            valueName: "address:port"), transform: Listen.init(argument:))
    var listen: Listen?

    @Flag(
        name: .customLong("serve-api-to-anyone"),
        help: "Allow an address that is not loopback: whoever reaches it reads everything.")
    var isOpenToAnyone = false

    func validate() throws {
        guard let listen else {
            if isOpenToAnyone { throw ValidationError("--serve-api-to-anyone needs --serve-api") }
            return
        }
        guard listen.address.isLoopback || isOpenToAnyone else {
            throw ValidationError(
                "--serve-api: \(listen.address) is not a loopback address, and nothing authenticates clients; "
                    + "--serve-api-to-anyone allows it")
        }
    }

    /// The server, if one is wanted.
    func server(of core: ControlPlaneCore, _ logger: Logger) -> APIServer? {
        listen.map { listen in
            APIServer(
                core.store, APIServerConfiguration(address: listen.address, port: listen.port), logger: logger
            ) { core.isSynced }
        }
    }
}

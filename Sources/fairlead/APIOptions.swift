import ArgumentParser
import ControlPlane
import Net

/// What an authenticated user may do.
enum AuthorizationMode: String, CaseIterable, ExpressibleByArgument {
    case alwaysAllow = "AlwaysAllow"
}

/// Whether, where and for whom the Kubernetes API is served.
struct APIOptions: ParsableArguments {
    /// Where the API is served with TLS; nil for nowhere.
    struct SecureAddress: Equatable {
        let listen: APIAddress?

        init(argument: String) throws {
            listen = argument == "off" ? nil : try APIAddress(argument: argument)
        }

        static let loopback = SecureAddress(APIAddress(address: IPAddress(v4: 0x7F00_0001), port: 6443))

        private init(_ listen: APIAddress) { self.listen = listen }
    }

    @Option(
        name: .customLong("api-address"),
        help: ArgumentHelp(
            "Serve the Kubernetes API over HTTPS there; 'off' for nowhere. (default: 127.0.0.1:6443)",
            discussion: """
                Clients show a certificate of the authority in --data-dir (common name: the user, organisations: the \
                groups) or a bearer token. Who is not known gets 401, but for /healthz, /livez, /readyz and /version. \
                Port 0 lets the kernel choose; the log says which it is.
                """,
            valueName: "address:port"), transform: SecureAddress.init(argument:))
    var secure = SecureAddress.loopback

    @Option(
        help: ArgumentHelp(
            "The address that others reach the Kubernetes API by: the endpoint of Service default/kubernetes.",
            discussion: """
                The default is the address of --api-address, unless that is 0.0.0.0 or ::. An endpoint is never an address \
                of the loopback: Service kubernetes has no endpoints where the API is served there alone.
                """,
            valueName: "address"), transform: IPAddress.init(argument:))
    var advertiseAddress: IPAddress?

    @Option(
        name: .customLong("api-name"),
        help: ArgumentHelp(
            "A further name or address that clients call the API by; may be given several times.",
            discussion: """
                The serving certificate has it then, beside loopback, the node's name, the address served, 'kubernetes' \
                and what follows from it, and the first address of each service CIDR.
                """,
            valueName: "name"))
    var names: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where the administrator's kubeconfig is written. (default: admin.conf in --data-dir)", valueName: "file"))
    var kubeconfigOut: String?

    @Option(
        help: ArgumentHelp(
            "A file of bearer tokens in kube-apiserver's format: token,user,uid[,\"group1,group2\"].",
            valueName: "file"))
    var tokenAuthFile: String?

    @Option(
        help: ArgumentHelp(
            "What authenticated users may do: 'AlwaysAllow' lets all of them do everything.",
            discussion: """
                That goes for service accounts' tokens, too: whom a Pod's token must not let do everything is better kept \
                from the API's address.
                """,
            valueName: "mode"))
    var authorizationMode = AuthorizationMode.alwaysAllow

    @Option(
        name: .customLong("serve-api"),
        help: ArgumentHelp(
            "Serve the API over plain HTTP, too, without authentication: whoever reaches it may do everything.",
            discussion: """
                For kubectl --server http://ADDRESS:PORT, curl, and scripts on this machine. Only loopback addresses are \
                allowed without --serve-api-to-anyone. Port 0 lets the kernel choose; the log says which it is.
                """,
            valueName: "address:port"), transform: APIAddress.init(argument:))
    var plain: APIAddress?

    @Flag(
        name: .customLong("serve-api-to-anyone"),
        help: "Allow an address that is not loopback: whoever reaches it may change everything.")
    var isOpenToAnyone = false

    /// Where others reach the API; nil where only this machine does.
    var advertised: IPAddress? {
        guard let address = advertiseAddress ?? secure.listen?.address else { return nil }
        return address.isLoopback || address.isUnspecified ? nil : address
    }

    func validate() throws {
        if let advertiseAddress {
            guard secure.listen != nil else { throw ValidationError("--advertise-address needs --api-address") }
            guard !advertiseAddress.isLoopback, !advertiseAddress.isUnspecified else {
                throw ValidationError("--advertise-address: nobody else reaches \(advertiseAddress)")
            }
        }
        if secure.listen == nil, tokenAuthFile != nil || kubeconfigOut != nil || !names.isEmpty {
            throw ValidationError("--api-name, --kubeconfig-out and --token-auth-file need --api-address")
        }
        guard let plain else {
            if isOpenToAnyone { throw ValidationError("--serve-api-to-anyone needs --serve-api") }
            return
        }
        guard plain.address.isLoopback || isOpenToAnyone else {
            throw ValidationError(
                "--serve-api: \(plain.address) is not a loopback address, and nothing authenticates clients; "
                    + "--serve-api-to-anyone allows it")
        }
    }
}

import ArgumentParser
import CNI
import Net

/// `fairlead cni import`.
struct CNIImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over the addresses that the reference plugin host-local has given on this node.",
        discussion: """
            For a node whose network is moved over with pods running: their addresses are given to nobody else then, until their \
            containers have gone and 'fairlead cni gc' finds that. The directory of host-local stays as it is. It can be done again: \
            what was taken over once, and released since, stays so.

            EXAMPLE
              fairlead cni import --from /var/lib/cni/networks/cbr0 --pod-cidr 10.244.1.0/24
            """)

    @Option(help: ArgumentHelp("The directory of the network in host-local's store.", valueName: "dir"))
    var from: String

    @Option(help: ArgumentHelp("The network to take them over into: that of the conflist.", valueName: "name"))
    var name = "fairlead"

    @Option(
        name: .customLong("pod-cidr"),
        help: ArgumentHelp(
            "The network of this node's pods; may be given several times, in the order of the conflist.",
            valueName: "cidr"),
        transform: IPPrefix.init(argument:))
    var podCIDRs: [IPPrefix]

    @OptionGroup var store: LeaseStoreOptions

    func run() throws {
        var configuration = IPAMConfiguration()
        configuration.dataDirectory = store.dataDir
        configuration.ranges = IPFamily.allCases.compactMap { family in
            let ranges = podCIDRs.filter { $0.family == family }.map { IPAMConfiguration.Range($0) }
            return ranges.isEmpty ? nil : ranges
        }
        let result = try AddressStore(configuration, network: name).importHostLocal(directory: from)
        for lease in result.imported {
            guard case .held(let attachment) = lease.state else { continue }
            print("took over \(lease.address) of \(attachment)")
        }
        for refusal in result.refused { print("left \(refusal.file): \(refusal.cause)") }
        if result.knownCount > 0 { print("\(result.knownCount) were taken over before") }
        if result.imported.isEmpty, result.refused.isEmpty, result.knownCount == 0 { print("nothing to take over") }
    }
}

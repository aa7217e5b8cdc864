import ArgumentParser
import CNI

/// `fairlead cni list`.
struct CNIList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the attachments of this node: addresses, links, host ports.",
        discussion: """
            An attachment is an interface of a container in a network. LINK is the host's end of its link, 'foreign' where another \
            plugin has made it, and 'gone' where there is none: the container has gone, too, or is being added at this moment. \
            'fairlead cni gc' removes what is left of those.

            Looks at the links and rules of the network namespace that it is started in, and at the lease store.

            JSON
              attachments [{network, containerID, interfaceName, addresses, hostLink, hostPorts [{address, port, protocol, \
            containerPort}], stale}]. What is not there is left out.
            """)

    @OptionGroup var store: LeaseStoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let document = AttachmentsDocument(try AttachmentTrace.all(dataDirectory: store.dataDir))
        print(output.json ? try document.json : document.text)
    }
}

/// Where leases are.
struct LeaseStoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The lease store: 'dataDir' of the conflist.", valueName: "dir"))
    var dataDir = "/var/lib/cni/fairlead"
}

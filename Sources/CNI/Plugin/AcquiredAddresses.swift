/// Addresses that an attachment has got. Unless they are kept, they go back when this goes away.
struct AcquiredAddresses: ~Copyable {
    /// With addresses, routes and DNS settings only.
    let result: AttachmentResult
    private var reservation: AddressReservation?
    private let plugin: DelegatedPlugin?
    private var isKept = false

    init(_ source: AddressSource?, _ call: PluginCall) throws(CNIError) {
        switch source {
        case nil:
            (result, plugin) = (AttachmentResult(), nil)
            reservation = nil
        case .plugin(let name):
            let delegate = DelegatedPlugin(name, call)
            (result, plugin) = (try delegate.add(), delegate)
            reservation = nil
        case .store(let configuration):
            let dns = try configuration.resolvConf.map { (path) throws(CNIError) in try DNSSettings(resolverFile: path)
            }
            let store = try AddressStore(configuration, network: call.network)
            let reserved = try store.reserve(call.attachment)
            result = AttachmentResult(
                addresses: reserved.addresses, routes: configuration.routes, dns: dns ?? DNSSettings())
            plugin = nil
            reservation = consume reserved
        }
    }

    /// Leaves the addresses to the attachment.
    mutating func keep() {
        isKept = true
        if let reservation = reservation.take() { reservation.commit() }
    }

    deinit {
        if !isKept, let plugin { _ = try? plugin.run(.delete) }
    }
}

import Net
import Netlink
struct LocalAddressMonitor: ~Copyable, Sendable, Pollable {
    let fd = try! EventFD()
    init() throws {}
    var rawDescriptor: Int32 { fd.rawDescriptor }
    func hasChanged() -> Bool { false }
    func current() throws -> [LocalAddress] { [] }
}

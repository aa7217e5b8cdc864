/// Who gives addresses to an attachment.
package enum AddressSource: Hashable, Sendable {
    /// The store of this node.
    case store(IPAMConfiguration)
    /// Another IPAM plugin, by the name of its file.
    case plugin(String)
}

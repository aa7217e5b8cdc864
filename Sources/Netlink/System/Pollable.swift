/// What a `Poller` can wait for.
package protocol Pollable: ~Copyable {
    /// The descriptor, open for as long as the value lives.
    var rawDescriptor: Int32 { get }
}

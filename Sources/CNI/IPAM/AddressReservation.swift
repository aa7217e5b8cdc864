import Net

/// The addresses of an attachment that is being made: they go back when this goes away without `commit()`. They are held by the attachment
/// from the start, so that a process that dies here leaves them to DEL and to garbage collection.
package struct AddressReservation: ~Copyable {
    /// In the order of the range sets; each without an interface.
    package let addresses: [AttachmentResult.Address]
    private let location: LeaseLocation
    private let owner: LeaseOwner
    private var isCommitted = false

    init(_ addresses: [AttachmentResult.Address], of owner: LeaseOwner, in location: LeaseLocation) {
        self.addresses = addresses
        self.owner = owner
        self.location = location
    }

    /// The attachment is made, and keeps them.
    package consuming func commit() { isCommitted = true }

    deinit {
        guard !isCommitted else { return }
        // Nothing has run in the container, so that no one has seen the addresses. What cannot be released here is so by DEL.
        try? location.openIfThere()?.release(owner, now: location.environment.now(), unused: true)
    }
}

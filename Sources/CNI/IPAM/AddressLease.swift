import Net

/// What the store knows of an address that is not free.
package struct AddressLease: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case held(by: Attachment)
        /// Released; given to nobody for so long. By nil when the record had been damaged.
        case cooling(secondsLeft: UInt32, releasedBy: Attachment?)
        /// The record is damaged: given to nobody until its owner releases it, or garbage is collected.
        case unreadable
    }

    package let address: IPAddress
    package let state: State

    package init(_ address: IPAddress, _ state: State) {
        self.address = address
        self.state = state
    }
}

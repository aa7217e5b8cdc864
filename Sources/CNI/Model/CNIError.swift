/// What a plugin answers in place of a result (CNI specification 1.1, "Error").
package struct CNIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The codes that the specification reserves, and ours from 100.
    package enum Code: Int, Sendable {
        case incompatibleVersion = 1
        case unsupportedField = 2
        case unknownContainer = 3
        case badEnvironment = 4
        case ioFailure = 5
        case undecodable = 6
        case badConfiguration = 7
        case tryAgainLater = 11
        /// STATUS: no container can be added.
        case notAvailable = 50
        /// STATUS: no container can be added, and those that are there have limited connectivity.
        case limitedConnectivity = 51
        /// The kernel refused.
        case kernelRefused = 100
        /// Every address of a range is taken.
        case noAddressLeft = 101
        /// A host port belongs to somebody else.
        case hostPortTaken = 102
        /// CHECK: something of the attachment is not as it was left.
        case notAsAdded = 103
        /// A plugin that work is delegated to failed, in a way that has no code above.
        case delegateFailed = 104
        /// ADD: the attachment has addresses already.
        case alreadyAdded = 110
        /// An address that was asked for cannot be given.
        case addressTaken = 111
    }

    package let code: Code
    /// One line: the object and the cause.
    package let message: String
    /// More lines, if there is more to say.
    package let details: String

    package init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    package var description: String { details.isEmpty ? message : "\(message): \(details)" }
}

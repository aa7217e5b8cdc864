import KubeAPI

/// Why a patch cannot be applied, in upstream's words.
package struct PatchError: Error, Hashable, CustomStringConvertible {
    /// What the API answers.
    package enum Kind: Sendable {
        /// The patch itself is wrong: 400.
        case malformed
        /// The patch does not fit the object: 422.
        case inapplicable
    }

    package let kind: Kind
    package let description: String

    init(_ kind: Kind = .malformed, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// The API's answer. What does not fit is told without the reason (apimachinery `NewGenericServerResponse`).
    package var status: Status {
        switch kind {
        case .malformed: .badRequest(description)
        case .inapplicable:
            Status(
                code: 422, reason: "Invalid",
                message: "the server rejected our request due to an error in our request")
        }
    }
}

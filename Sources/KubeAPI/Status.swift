/// The API's way to say what failed (meta/v1 `Status`).
package struct Status: Codable, Sendable, Equatable, Error {
    /// The HTTP status: 404, 409, 410, 422, …
    package var code: Int
    /// The reason, as upstream spells it: `NotFound`, `Conflict`, `Expired`, `Invalid`, …
    package var reason: String
    package var message: String

    package init(code: Int, reason: String, message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }
}

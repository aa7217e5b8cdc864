/// The API's way to say what failed (meta/v1 `Status`).
package struct Status: Sendable, Equatable, Error {
    /// The HTTP status: 404, 409, 410, 422, …
    package var code: Int
    /// The reason, as upstream spells it: `NotFound`, `Conflict`, `Expired`, `Invalid`, …
    package var reason: String
    package var message: String
    /// `Failure`, or `Success` in the answer to a delete.
    package var outcome = "Failure"
    package var details: Details?

    package init(code: Int, reason: String, message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }

    /// What the failure is about (meta/v1 `StatusDetails`).
    package struct Details: Codable, Sendable, Equatable {
        @OmitEmpty package var name: String
        @OmitEmpty package var group: String
        /// The plural resource name, but the kind in an `Invalid` status, as upstream has it.
        @OmitEmpty package var kind: String
        @OmitEmpty package var uid: String
        @OmitEmpty package var causes: [Cause]
        @OmitEmpty package var retryAfterSeconds: Int

        package init(name: String = "", group: String = "", kind: String = "", causes: [Cause] = []) {
            self.name = name
            self.group = group
            self.kind = kind
            self.causes = causes
            uid = ""
            retryAfterSeconds = 0
        }
    }

    /// One field that is at fault (meta/v1 `StatusCause`).
    package struct Cause: Codable, Sendable, Equatable {
        /// `FieldValueInvalid`, `FieldValueRequired`, `FieldValueNotSupported`, …
        @OmitEmpty package var reason: String
        @OmitEmpty package var message: String
        /// `spec.ports[0].port`.
        @OmitEmpty package var field: String

        package init(field: String, message: String, reason: String = "FieldValueInvalid") {
            self.field = field
            self.message = message
            self.reason = reason
        }
    }
}

extension Status: CustomStringConvertible {
    package var description: String { message.isEmpty ? "\(reason) (\(code))" : message }
}

extension Status: Codable {
    private enum CodingKeys: CodingKey {
        case apiVersion, kind, metadata, status, message, reason, details, code
    }

    private struct ListMeta: Codable {}

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        code = try fields.value(.code)
        reason = try fields.value(.reason)
        message = try fields.value(.message)
        outcome = try fields.value(.status)
        details = try fields.value(.details)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode("v1", forKey: .apiVersion)
        try fields.encode("Status", forKey: .kind)
        try fields.encode(ListMeta(), forKey: .metadata)
        try fields.encodeUnlessZero(outcome, forKey: .status)
        try fields.encodeUnlessZero(message, forKey: .message)
        try fields.encodeUnlessZero(reason, forKey: .reason)
        try fields.encodeUnlessZero(details, forKey: .details)
        try fields.encodeUnlessZero(code, forKey: .code)
    }
}

/// A text that is not the address, prefix or port it should be.
package struct AddressParseError: Error, Equatable, CustomStringConvertible {
    /// The text as it was given.
    package let text: String
    /// What was expected, with its article: "an IPv4 address".
    package let expected: String

    package init(_ text: String, expected: String) {
        self.text = text
        self.expected = expected
    }

    package var description: String { "'\(text)' is not \(expected)" }
}

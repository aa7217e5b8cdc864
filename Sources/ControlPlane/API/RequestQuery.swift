import HummingbirdCore
import KubeAPI

/// The parameters of a request, decoded. Of a parameter that is given twice the first counts.
struct RequestQuery {
    private let parameters: FlatDictionary<Substring, Substring>

    init(_ uri: URI) {
        // In a query `+` is a space, which `URI` leaves to its user; a `+` itself is sent as `%2B`.
        parameters = URI("/?" + (uri.query ?? "").replacing("+", with: "%20")).queryParameters
    }

    /// Empty where it is not given.
    subscript(name: String) -> String { parameters[name[...]].map(String.init) ?? "" }

    /// All values of a parameter that may be given more than once, without empty ones.
    func all(_ name: String) -> [String] { parameters[values: name[...]].map { String($0) }.filter { !$0.isEmpty } }

    /// As upstream reads a flag: whatever is neither `0` nor `false` is true, even nothing. Nil where it is not given.
    func flag(_ name: String) -> Bool? {
        parameters[name[...]].map { $0 != "0" && $0.lowercased() != "false" }
    }

    /// Nil where it is not given or empty.
    ///
    /// - Throws: 400 BadRequest.
    func integer(_ name: String) throws(Status) -> Int64? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        guard let number = Int64(text) else {
            throw .badRequest("\(name): '\(text)' is not an integer")
        }
        return number
    }
}

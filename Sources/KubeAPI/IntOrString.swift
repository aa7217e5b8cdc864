/// A number or a name, as in `targetPort` (k8s.io/apimachinery util/intstr).
package enum IntOrString: Sendable, Hashable, Codable {
    case int(Int)
    case string(String)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .int(number)
        } else if let name = try? container.decode(String.self) {
            self = .string(name)
        } else {
            throw DecodingError.typeMismatch(
                IntOrString.self,
                DecodingError.Context(codingPath: container.codingPath, debugDescription: "neither number nor text"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .int(let number): try container.encode(number)
        case .string(let name): try container.encode(name)
        }
    }
}

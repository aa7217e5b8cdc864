import KubeAPI

/// Something in an object that the proxy cannot, or not yet, do: the rest of the object is programmed all the same.
package struct ProxyProblem: Hashable, Sendable, CustomStringConvertible {
    /// "Service default/web".
    package let object: String
    /// What is wrong, and what follows from it.
    package let message: String

    package init(object: String, message: String) {
        self.object = object
        self.message = message
    }

    /// One line: "Service default/web: port http: 70000 is not a port number".
    package var description: String { "\(object): \(message)" }
}

/// The problems of one object while it is read. Bounded: a slice with a thousand bad endpoints is one mistake.
struct ProblemList {
    private static let limit = 8
    private(set) var problems: [ProxyProblem] = []
    private var omitted = 0
    private let kind: String
    private let key: ObjectName

    /// - Parameter kind: "Service".
    init(kind: String, key: ObjectName) {
        self.kind = kind
        self.key = key
    }

    private var object: String { key.reference(kind: kind) }

    mutating func append(_ message: @autoclosure () -> String) {
        guard problems.count < Self.limit else {
            omitted += 1
            return
        }
        problems.append(ProxyProblem(object: object, message: message()))
    }

    /// The problems, the last of them saying how many more there are.
    var all: [ProxyProblem] {
        guard omitted > 0 else { return problems }
        return problems + [ProxyProblem(object: object, message: "and \(omitted) more problems of this kind")]
    }
}

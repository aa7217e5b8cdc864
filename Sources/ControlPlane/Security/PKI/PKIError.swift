/// A file of the public key infrastructure that cannot be used or written. It never shows what the file holds.
package struct PKIError: Error, Equatable, CustomStringConvertible {
    package let file: String
    /// "is not the key of ca.crt".
    package let problem: String

    package init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }

    package var description: String { "\(file): \(problem)" }
}

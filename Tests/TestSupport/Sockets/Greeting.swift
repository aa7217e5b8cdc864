import Net

/// What an `EchoServer` answers: who it is, and whom it sees as the client.
package struct Greeting: Equatable, Sendable {
    /// The name of the server that answered.
    package var name: String
    /// The source address that the server saw.
    package var client: IPAddress

    package init(name: String, client: IPAddress) {
        self.name = name
        self.client = client
    }

    /// `Hello, world! from hello-server-1, you are 10.244.1.1`, with the newline.
    package var text: String { "Hello, world! from \(name), you are \(client)\n" }

    /// Finds the greeting in an answer, after the header of an HTTP response if there is one; nil where there is none.
    package init?(answer: [UInt8]) {
        let prefix = "Hello, world! from "
        let separator = ", you are "
        for line in String(decoding: answer, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.hasPrefix(prefix) else { continue }
            let rest = line.dropFirst(prefix.count)
            guard let range = rest.firstRange(of: separator),
                let client = IPAddress(parsing: String(rest[range.upperBound...]))
            else { return nil }
            self.init(name: String(rest[..<range.lowerBound]), client: client)
            return
        }
        return nil
    }
}
